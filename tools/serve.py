"""Run Matchmaker on this machine: the database, the demo, the web server and the worker, together.

`make run` starts this. Ctrl-C (or SIGTERM, or closing the terminal) stops both processes and waits
for what they are doing; if one of them ends by itself the other is stopped too, and the exit code
is 1.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

BIN = Path(sys.executable).parent
HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 25
INTERRUPTED = 128 + signal.SIGINT
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Prepare, serve until asked to stop, and return the exit code."""
    port = int(os.environ.get("PORT", "8000"))
    if not _is_free(port):
        print(f"Port {port} is in use. Choose another: make run PORT=8001", file=sys.stderr)
        return 1
    matchmaker = str(BIN / "matchmaker")
    for step, meaning in (
        (("db", "upgrade"), "Preparing the database"),
        (("demo",), "Loading the demo"),
    ):
        print(f"{meaning} …", flush=True)
        try:
            done = subprocess.run([matchmaker, *step], check=False)
        except KeyboardInterrupt:
            return INTERRUPTED
        if done.returncode != 0:
            print(f"`matchmaker {' '.join(step)}` failed; nothing was started.", file=sys.stderr)
            return done.returncode
    url = f"http://{HOST}:{port}"
    return supervise(
        {
            "web server": [sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}"],
            "worker": [matchmaker, "jobs"],
        },
        is_ready=lambda: _answers(f"{url}/healthz"),
        announce=f"\nMatchmaker is running at {url}  (Ctrl-C stops it)\n",
    )


def supervise(
    commands: Mapping[str, Sequence[str]],
    *,
    is_ready: Callable[[], bool],
    announce: str,
    stop_seconds: float = STOP_SECONDS,
) -> int:
    """Run `commands` until a stop signal comes or one of them ends, then stop them all.

    The children get sessions of their own, so that Ctrl-C reaches only this process and each child
    is asked once. Returns 0 when asked to stop, 1 when a child ended or none was ready in time.
    `announce` is printed when `is_ready` first returns true.
    """
    is_stopping = threading.Event()
    for number in STOP_SIGNALS:
        signal.signal(number, lambda *_: is_stopping.set())
    children = {
        name: subprocess.Popen(command, start_new_session=True)
        for name, command in commands.items()
    }
    try:
        return _watch(children, is_stopping, is_ready, announce)
    finally:
        _stop(children, stop_seconds)


def _watch(
    children: Mapping[str, subprocess.Popen[bytes]],
    is_stopping: threading.Event,
    is_ready: Callable[[], bool],
    announce: str,
) -> int:
    deadline = time.monotonic() + START_SECONDS
    is_announced = False
    while not is_stopping.wait(0.2):
        for name, child in children.items():
            if child.poll() is not None:
                print(
                    f"The {name} ended by itself (exit code {child.returncode}).", file=sys.stderr
                )
                return 1
        if not is_announced and is_ready():
            print(announce, flush=True)
            is_announced = True
        if not is_announced and time.monotonic() > deadline:
            print(f"No answer after {START_SECONDS} seconds.", file=sys.stderr)
            return 1
    return 0


def _stop(children: Mapping[str, subprocess.Popen[bytes]], seconds: float) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + seconds
    for child in children.values():
        try:
            child.wait(timeout=max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            # With its whole session, so that no gunicorn worker is left holding the port.
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
