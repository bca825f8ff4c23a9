"""Offline measurement and training; the running product does not import it."""
