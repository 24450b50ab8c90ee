"""`matchmaker import`: loading public records from files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from matchmaker.cli.matching import WrongInput
from matchmaker.extensions import db, write_intent
from matchmaker.services.imports.charities import import_charities
from matchmaker.services.imports.outcodes import import_outcodes
from matchmaker.services.imports.report import BrokenFile, ImportNotPossible, ImportReport

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
Importer = Callable[..., ImportReport]

group = AppGroup("import", help="Load public records. Running it again changes only what changed.")


@group.command("charities")
@click.argument("file", type=FILE)
@with_appcontext
def charities(file: Path) -> None:
    """Load charities from FILE, a CSV with org_id, name, postcode, active, activities, objects.

    Each becomes an organisation that nobody looks after yet, with one programme. Load the postcode
    districts first (import outcodes).
    """
    _run(partial(import_charities, now=datetime.now(UTC)), file)


@group.command("outcodes")
@click.argument("file", type=FILE)
@with_appcontext
def outcodes(file: Path) -> None:
    """Load postcode districts from FILE, a CSV with outcode, latitude, longitude, la_code."""
    _run(import_outcodes, file)


def _run(importer: Importer, file: Path) -> None:
    """Import all that can be taken in one transaction, and print what was done."""
    progress = partial(click.progressbar, file=sys.stderr, hidden=not sys.stderr.isatty())
    try:
        with write_intent():
            report = importer(file, progress=progress)
            db.session.commit()
    except BrokenFile as error:
        raise WrongInput(str(error)) from None
    except ImportNotPossible as error:
        raise click.ClickException(str(error)) from None
    _print(report)


def _print(report: ImportReport) -> None:
    figures = {
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": len(report.rejected),
    }
    if report.skipped:
        figures["skipped (no longer active)"] = report.skipped
    for name, figure in figures.items():
        click.echo(f"{name}: {figure}")
    for rejection in report.rejected:
        click.echo(f"  {rejection}")
