"""Tells people: makes notices of what happened, writes digests, sends mail and webhooks."""
