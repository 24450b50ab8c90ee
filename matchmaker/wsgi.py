"""The app as web servers load it: `matchmaker.wsgi:app`."""

from __future__ import annotations

from matchmaker import create_app

app = create_app()
