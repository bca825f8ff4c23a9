"""JSON routes under /v1, one file a resource."""
