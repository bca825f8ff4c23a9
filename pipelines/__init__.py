"""The business rules and flows: plain arguments in, dataclasses out."""
