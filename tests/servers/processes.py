"""Starting a program that listens on loopback, waiting for it, and stopping it again."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class DidNotStart(Exception):
    """A program ended, or answered nothing in time; the message holds what it said."""


def wait_for_answer(process: subprocess.Popen[bytes], url: str, log: Path, seconds: float) -> None:
    """Return when `url` answers with any status.

    Raises:
        DidNotStart: The process ended first, or `seconds` went by.
    """
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError as answered:
            answered.close()
            return
        except OSError:
            time.sleep(0.05)
    told = log.read_text(encoding="utf-8", errors="replace")
    raise DidNotStart(f"{process.args!r} did not answer at {url}:\n{told}")


@contextmanager
def stopping(process: subprocess.Popen[bytes], seconds: float = 15) -> Iterator[None]:
    """Ask the process to end when the block is left, and kill it if it has not after `seconds`."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listening_socket() -> socket.socket:
    """Return a socket that already listens on a free loopback port, to hand to a child process.

    Handing over the socket itself, not its number, leaves no moment in which another process could
    take the port.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.set_inheritable(True)
    return listener
