"""Drafts the follow-up message to one customer; a person reviews it before anything is sent."""
