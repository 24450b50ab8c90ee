"""The `matchmaker` command: Flask's command line with this app's commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask.cli import FlaskGroup

if TYPE_CHECKING:
    from flask import Flask


def _create_app() -> Flask:
    from matchmaker import create_app  # noqa: PLC0415 - commands without a database never build it

    return create_app()


main = FlaskGroup(
    "matchmaker",
    create_app=_create_app,
    add_version_option=False,
    help="Introduce allied health professionals to voluntary organisations.",
)


def init_app(app: Flask) -> None:
    """Attach the commands that need the app."""
