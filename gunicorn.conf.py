"""How gunicorn serves Matchmaker; it reads this file by itself when started in this folder.

Logs are one JSON object a line, in UTC, without personal data: no query strings, no addresses, no
browser names, and path segments long enough to be a secret link are blanked.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gunicorn.glogging import Logger
from pythonjsonlogger.json import JsonFormatter

from matchmaker.services import directory, matching
from matchmaker.web.warm_up import warm_up

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from datetime import timedelta

    from flask import Flask
    from gunicorn.arbiter import Arbiter

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes its own private file there
SECRET_SEGMENT = re.compile(r"(?<=/)[^/]{20,}")


class PrivateLogger(Logger):
    """gunicorn's logger, writing JSON and leaving out what could name a person."""

    def setup(self, cfg: Any) -> None:
        """Put the JSON formatter on every handler gunicorn made."""
        super().setup(cfg)
        formatter = JsonFormatter(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            json_ensure_ascii=False,
        )
        for logger in (self.error_log, self.access_log):
            for handler in logger.handlers:
                handler.setFormatter(formatter)

    def access(
        self, resp: Any, _req: Any, environ: MutableMapping[str, Any], request_time: timedelta
    ) -> None:
        """Log one answered request."""
        if not self.access_log_enabled:
            return
        entry = {
            "method": environ["REQUEST_METHOD"],
            "path": SECRET_SEGMENT.sub("…", environ["PATH_INFO"]),
            "status": resp.status_code,
            "bytes": resp.sent,
            "milliseconds": round(request_time.total_seconds() * 1000, 1),
        }
        self.access_log.info("request", extra=entry)


def when_ready(server: Arbiter) -> None:
    """Fit the index, read the directory and build a page before the workers fork.

    Each follows from there, and the first visitor of a worker waits no longer than the next.
    """
    app = cast("Flask", server.app.wsgi())
    matching.warm_up(app)
    directory.warm_up(app)
    warm_up(app)
    # All of this stays: the workers share it, and need not look through it for rubbish.
    gc.collect()
    gc.freeze()


# A thread that waited for the database gets back to work 5 ms after the others by default, and one
# waits for SQLite at each row.
sys.setswitchinterval(0.0005)

is_development = os.environ.get("MATCHMAKER_ENV") == "development"

wsgi_app = "matchmaker.wsgi:app"
bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
# The vocabulary and the code are loaded once and shared by the workers, which fork afterwards.
preload_app = True
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 2)
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
# A slow leak in any library ends here, and the jitter keeps workers from restarting together.
max_requests = 20_000
max_requests_jitter = 2_000
# The heartbeat file on a slow disk would make healthy workers look hung.
worker_tmp_dir = str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None
control_socket_disable = True
logger_class = PrivateLogger
errorlog = "-"
accesslog = None if is_development else "-"
loglevel = "warning" if is_development else "info"
