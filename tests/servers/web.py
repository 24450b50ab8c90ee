"""The app served by gunicorn with the project's own configuration, on a free loopback port."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers.processes import listening_socket, stopping, wait_for_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matchmaker.config import Settings

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


@dataclass(frozen=True)
class LiveServer:
    """A running gunicorn: its address, its process, and the file with what it logs."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def running_web(
    settings: Settings,
    folder: Path,
    *,
    workers: int = 2,
    environ: Mapping[str, str] | None = None,
    app: str = "matchmaker.wsgi:app",
) -> Iterator[LiveServer]:
    """Serve `app` with `settings` and log into `folder`; `environ` adds to its environment.

    Raises:
        DidNotStart: gunicorn ended or answered nothing; the message holds its log.
    """
    listener = listening_socket()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    log = folder / "gunicorn.log"
    command = [
        *(sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")),
        *("--bind", f"fd://{listener.fileno()}", "--workers", str(workers), app),
    ]
    with listener, log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment_of(settings, url), **(environ or {})},
            pass_fds=[listener.fileno()],
            stdout=output,
            stderr=output,
        )
    with stopping(process):
        wait_for_answer(process, f"{url}/healthz", log, START_SECONDS)
        yield LiveServer(url, process, log)


def environment_of(settings: Settings, url: str) -> dict[str, str]:
    """The environment variables from which the app reads these settings again."""
    return {
        "MATCHMAKER_ENV": settings.environment.value,
        "MATCHMAKER_INSTANCE": str(settings.instance_path),
        "SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "PUBLIC_URL": url,
    }
