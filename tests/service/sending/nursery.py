"""Forks processes that send what is due, one for each line it reads, to be killed by the test.

`python -m tests.service.sending.nursery HOME SMTP_PORT`
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from service.sending.dispatch import Dispatcher
from service.settings import Settings
from service.wiring import Odzew
from tests.service.sending.clock import NOON


def main(home: str, port: str) -> None:
    """Fork at each line; a child says its number once it is about to send, then sends."""
    for _ in sys.stdin:
        if os.fork() == 0:
            settings = Settings(
                home=Path(home), smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Z <care@z.example>"
            )
            dispatcher = Dispatcher(Odzew(settings))
            os.write(1, f"{os.getpid()}\n".encode())
            dispatcher.round(lambda: NOON)
            os.write(1, b"0\n")
            os._exit(0)
        os.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
