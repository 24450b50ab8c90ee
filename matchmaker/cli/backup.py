"""`matchmaker backup` and `matchmaker restore`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from matchmaker.cli.matching import WrongInput
from matchmaker.extensions import db, write_intent
from matchmaker.services import backup
from matchmaker.services.backup import Contents, Progress

FILE = click.Path(dir_okay=False, path_type=Path)
EXISTING_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def make_backup(file: Path) -> None:
    """Write all that the database holds to FILE, which only you can read.

    The site may go on working meanwhile: the backup holds the database as it stood when it began.
    """
    with _plain_faults():
        try:
            with backup.private_file(file) as stream, backup.one_moment(db.engine) as connection:
                schema = backup.schema_of(connection)
                if schema is None:
                    raise click.ClickException(_("The database has no tables to back up."))
                with _progress(backup.count_all(connection), _("Rows written")) as progress:
                    contents = backup.back_up(
                        connection,
                        stream,
                        schema=schema,
                        now=datetime.now(UTC),
                        progress=progress,
                    )
        except FileExistsError:
            raise WrongInput(_("%(file)s is there already.", file=file)) from None
    _tell(_("Backed up to %(file)s.", file=file), contents)


@click.command("restore")
@click.argument("file", type=EXISTING_FILE)
@click.option("--replace", "is_replacing", is_flag=True, help="Delete what the database holds.")
@click.option("--check", "is_check", is_flag=True, help="Only say whether FILE is whole.")
@with_appcontext
def restore_backup(file: Path, *, is_replacing: bool, is_check: bool) -> None:
    """Put the backup FILE into the database, all of it or nothing.

    The database must be empty; one without tables gets them. Stop the site and the worker first.
    """
    with _plain_faults():
        try:
            contents = backup.check(file)
            if is_check:
                _tell(_("%(file)s is whole.", file=file), contents)
                return
            _restore(file, contents, is_replacing=is_replacing)
        except (backup.BackupUnusable, backup.RestoreRefused) as error:
            raise WrongInput(str(error)) from None
    _tell(_("Restored from %(file)s.", file=file), contents)


def _restore(file: Path, contents: Contents, *, is_replacing: bool) -> None:
    with db.engine.connect() as connection:
        found = backup.schema_of(connection)
    migrations = current_app.config["MIGRATIONS_DIRECTORY"]
    backup.check_schema(contents, found=found, migrations=migrations)
    if found is None:
        upgrade(revision=contents.schema)
    with (
        write_intent(),
        db.engine.begin() as connection,
        _progress(contents.rows, _("Rows loaded")) as progress,
    ):
        backup.restore(connection, file, contents, is_replacing=is_replacing, progress=progress)
    # A backup of an earlier version is brought up to date with its rows in it.
    upgrade()


@contextmanager
def _progress(length: int, label: str) -> Iterator[Progress]:
    bar = click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    )
    with bar:
        yield bar.update


@contextmanager
def _plain_faults() -> Iterator[None]:
    """Say in a line what a disk or a database has to complain of."""
    try:
        yield
    except OperationalError as error:
        raise click.ClickException(
            _("The database cannot be used: %(why)s", why=error.orig)
        ) from error
    except OSError as error:
        raise click.ClickException(str(error)) from error


def _tell(done: str, contents: Contents) -> None:
    click.echo(done)
    click.echo(
        _(
            "%(rows)s rows of %(tables)s tables, as of %(moment)s UTC.",
            rows=f"{contents.rows:,}",
            tables=len(contents.tables),
            moment=f"{contents.made_at:%Y-%m-%d %H:%M:%S}",
        )
    )
