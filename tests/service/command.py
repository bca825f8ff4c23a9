"""Runs the command line in the process of a test."""

from __future__ import annotations

import sys

import pytest

from service import cli


def odzew(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run a command in this process; gives the exit code."""
    monkeypatch.setattr(sys, "argv", ["odzew", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    code = ended.value.code
    return code if isinstance(code, int) else 0
