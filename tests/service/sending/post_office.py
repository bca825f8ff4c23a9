"""A real IMAP server on this machine, and a line to it that breaks where a test wants it to."""

from __future__ import annotations

import imaplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from tests.service.conftest import free_port

USER, SECRET = "demouser", "tajné/heslo"
_START = "from pymap.main import main; main()"


@dataclass
class PostOffice:
    """An IMAP server with one mailbox that is empty at first."""

    port: int
    secret: str

    def deliver(self, content: bytes, folder: str = "INBOX") -> None:
        """Put a mail into a folder, unread."""
        with self._opened() as line:
            state, said = line.append(folder, "", "", content)
            assert state == "OK", said

    def make(self, folder: str) -> None:
        """Make a folder; `folder` is as it is written on the line."""
        with self._opened() as line:
            assert line.create(folder)[0] == "OK"

    def unread(self, folder: str = "INBOX") -> list[bytes]:
        """What a person would find unread."""
        return self._found("UNSEEN", folder)

    def all(self, folder: str = "INBOX") -> list[bytes]:
        """All that is there."""
        return self._found("ALL", folder)

    def _found(self, which: str, folder: str) -> list[bytes]:
        with self._opened() as line:
            line.select(folder, readonly=True)
            (numbers,) = line.search(None, which)[1]
            return [line.fetch(one, "(BODY.PEEK[])")[1][0][1] for one in numbers.decode().split()]  # type: ignore[index, misc]

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as line:
            line.authenticate("PLAIN", lambda _: f"\0{USER}\0{self.secret}".encode())
            yield line


@contextmanager
def post_office(
    port: int | None = None, cert: Path | None = None, secret: str = SECRET
) -> Iterator[PostOffice]:
    """A server that runs until the end of the block; with STARTTLS where it has a certificate."""
    found = PostOffice(port or free_port(), secret)
    command = [sys.executable, "-c", _START, "--host", "127.0.0.1", "--port", str(found.port)]
    command += ["--cert", str(cert), "--key", str(cert)] if cert else ["--no-tls"]
    command += ["dict", "--demo-user", USER, "--demo-password", secret]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(found.port, process)
            yield found
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < until, "the server does not begin"
        time.sleep(0.02)


@dataclass
class Line:
    """Passes on what a client and a server say, as long as it holds.

    Attributes:
        hangs_up_on: words of the client, or of the server, at which it breaks, once each.
        stalls_at: words of the server from which on nothing comes, until it is `let_go`.
        drips_from: words of the server from which on one byte comes at a time.
        mistold: words of the server, and what is passed on instead.
        asked: all that the client said.
    """

    port: int = 0
    hangs_up_on: list[bytes] = field(default_factory=list)
    stalls_at: bytes | None = None
    drips_from: bytes | None = None
    mistold: tuple[bytes, bytes] = (b"", b"")
    asked: bytearray = field(default_factory=bytearray)
    let_go: Event = field(default_factory=Event)

    def breaks(self, said: bytes) -> bool:
        """Whether it breaks at what is said."""
        words = next((one for one in self.hangs_up_on if one in said), None)
        if words is not None:
            self.hangs_up_on.remove(words)
        return words is not None


@contextmanager
def line_to(port: int, tls: ssl.SSLContext | None = None) -> Iterator[Line]:
    """A line to a port of this machine; encrypted towards its client where `tls` is given."""
    listening = socket.create_server(("127.0.0.1", 0))
    line, ended = Line(listening.getsockname()[1]), Event()
    threads: list[Thread] = []

    def serve() -> None:
        while True:
            try:
                client = listening.accept()[0]
            except OSError:
                return
            threads.append(Thread(target=_connect, args=(client, port, tls, line, ended)))
            threads[-1].start()

    accepting = Thread(target=serve)
    accepting.start()
    try:
        yield line
    finally:
        ended.set()
        line.let_go.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join()
        for thread in threads:
            thread.join()


def _connect(
    client: socket.socket, port: int, tls: ssl.SSLContext | None, line: Line, ended: Event
) -> None:
    with client, suppress(OSError):
        near = tls.wrap_socket(client, server_side=True) if tls else client
        with near, socket.create_connection(("127.0.0.1", port)) as far:
            for one in (near, far):
                one.settimeout(0.02)
            _pass_on(near, far, line, ended)


def _pass_on(near: socket.socket, far: socket.socket, line: Line, ended: Event) -> None:
    while not ended.is_set():
        with suppress(TimeoutError):
            said = near.recv(65536)
            line.asked += said
            if not said or line.breaks(said):
                return
            far.sendall(said)
        with suppress(TimeoutError):
            answered = far.recv(65536)
            if not answered:
                return
            if line.breaks(answered):
                near.sendall(answered[: len(answered) // 2])
                return
            if line.stalls_at and line.stalls_at in answered:
                line.let_go.wait()
                return
            if line.drips_from and line.drips_from in answered:
                for byte in answered:
                    near.sendall(bytes([byte]))
                    if ended.wait(0.05):
                        return
                continue
            near.sendall(answered.replace(*line.mistold) if line.mistold[0] else answered)
