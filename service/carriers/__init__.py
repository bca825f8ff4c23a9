"""Carries words out of this machine, whatever they say: by mail server, webhook or help desk."""
