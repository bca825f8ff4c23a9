"""Trains the artifacts in models/artifacts: one module an artifact."""
