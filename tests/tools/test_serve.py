"""What `make run` starts is stopped again, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SUPERVISOR = """
import sys
from tools.serve import supervise
commands = zip(("first", "second"), sys.argv[1:], strict=True)
children = {name: [sys.executable, "-c", code] for name, code in commands}
sys.exit(supervise(children, is_ready=lambda: True, announce="ready", stop_seconds=1))
"""
# Each child leaves its process id, and the second notes that it was asked to end.
WORKING = """
import os, pathlib, signal, sys, time
def stop(*_):
    pathlib.Path("asked").write_text("yes")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
pathlib.Path("pid-working").write_text(str(os.getpid()))
time.sleep(60)
"""
STUBBORN = """
import os, pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path("pid-stubborn").write_text(str(os.getpid()))
time.sleep(60)
"""
FAILING = "import sys, time; time.sleep(0.5); sys.exit(3)"


@pytest.fixture
def supervise(tmp_path):
    """Start the supervisor with two children in an empty folder; kill what a test leaves."""
    started = []

    def start(first: str, second: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, first, second],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    for path in tmp_path.glob("pid-*"):
        if is_running(int(path.read_text())):
            os.kill(int(path.read_text()), signal.SIGKILL)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(path: Path) -> int:
    deadline = time.monotonic() + 20
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline, f"{path.name} never came"
        time.sleep(0.02)
    return int(path.read_text())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_asks_the_children_to_end_and_succeeds(supervise, tmp_path, number):
    process = supervise(WORKING, "import time; time.sleep(60)")
    child = wait_for(tmp_path / "pid-working")
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert (tmp_path / "asked").read_text() == "yes"
    assert not is_running(child)


def test_a_child_that_ignores_the_request_is_killed(supervise, tmp_path):
    process = supervise(STUBBORN, WORKING)
    children = [wait_for(tmp_path / name) for name in ("pid-stubborn", "pid-working")]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert not any(is_running(child) for child in children)


def test_when_one_child_ends_the_other_is_stopped_and_the_run_has_failed(supervise, tmp_path):
    process = supervise(WORKING, FAILING)
    child = wait_for(tmp_path / "pid-working")
    _, told = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "The second ended by itself (exit code 3)." in told
    assert not is_running(child)
