"""The `matchmaker` command: Flask's command line with this app's commands.

`match`, `evaluate` and `vocabulary` work on files and never build the app; the others build it when
they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask.cli import FlaskGroup, NoAppException

from matchmaker.cli import (
    backup,
    bounces,
    demo,
    explain,
    export,
    imports,
    index,
    jobs,
    matching,
    statistics,
    users,
    vocabulary,
)
from matchmaker.config import ConfigurationError

if TYPE_CHECKING:
    from flask import Flask

COMMANDS = (
    *matching.commands,
    explain.explain,
    vocabulary.group,
    index.group,
    imports.group,
    export.group,
    statistics.group,
    demo.demo,
    users.create_user,
    backup.make_backup,
    backup.restore_backup,
    jobs.jobs,
    bounces.note_bounce,
)


def _create_app() -> Flask:
    from matchmaker import create_app  # noqa: PLC0415 - that module builds the app from this one

    try:
        return create_app()
    except ConfigurationError as error:
        raise NoAppException(str(error)) from error


main = FlaskGroup(
    name="matchmaker",
    create_app=_create_app,
    add_version_option=False,
    help="Introduce allied health professionals to voluntary organisations.",
)
for command in COMMANDS:
    main.add_command(command)


def init_app(app: Flask) -> None:
    """Attach the commands to the app, so that `flask` knows them too."""
    for each in COMMANDS:
        app.cli.add_command(each)
