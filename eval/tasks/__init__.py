"""Evaluation tasks, one module a task; each gives results for the files it finds."""
