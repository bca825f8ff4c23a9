"""Storage: SQL is the truth, the vector index is derived from it."""
