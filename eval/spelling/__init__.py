"""Looks up words in the hunspell dictionaries of the four languages."""
