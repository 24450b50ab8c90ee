"""`matchmaker import`: loading public records from files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from matchmaker.cli.matching import WrongInput
from matchmaker.extensions import db, write_intent
from matchmaker.models import SourceFormat
from matchmaker.services.imports.charities import import_charities
from matchmaker.services.imports.fetching import Fetcher, fetch_feed
from matchmaker.services.imports.formats import READERS, SOURCES
from matchmaker.services.imports.json_feed import read_file
from matchmaker.services.imports.loading import load
from matchmaker.services.imports.outcodes import import_outcodes
from matchmaker.services.imports.parts import known_districts
from matchmaker.services.imports.plan import Source
from matchmaker.services.imports.records import ON_THE_COMMAND_LINE
from matchmaker.services.imports.report import BrokenFile, ImportNotPossible, ImportReport
from matchmaker.services.imports.table import read_programmes
from matchmaker.services.imports.tables import FIELDS, REQUIRED, guess_columns, read_table

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
Importer = Callable[..., ImportReport]

# All pages of a feed together, in seconds.
LONGEST_FEED = 3600.0

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


def _feed_options(command: Callable[..., None]) -> Callable[..., None]:
    """What may be said of where a feed comes from."""
    for name, says in (
        ("licence", "Under which licence it may be used."),
        ("attribution", "Whom to name wherever something of it is shown."),
        ("source", "What this source is called; its entries are known by it the next time."),
    ):
        command = click.option(f"--{name}", default="", help=says)(command)
    return command


@group.command("oruk")
@click.argument("place", metavar="FILE_OR_URL")
@_feed_options
@with_appcontext
def oruk(place: str, **described: str) -> None:
    """Load services from an Open Referral UK v3 feed in JSON: a FILE, or the URL of its services.

    Only the websites that IMPORT_HOSTS names are read, over HTTPS, page by page until one is empty.
    """
    _run_feed(SourceFormat.ORUK, place, described)


@group.command("aliss")
@click.argument("place", metavar="FILE_OR_URL")
@_feed_options
@with_appcontext
def aliss(place: str, **described: str) -> None:
    """Load services from an answer of the ALISS API in JSON: a FILE, or the URL of its services.

    Only the websites that IMPORT_HOSTS names are read, over HTTPS, page by page until one is empty.
    """
    _run_feed(SourceFormat.ALISS, place, described)


@group.command("table")
@click.argument("file", type=FILE)
@click.option(
    "--column",
    "choices",
    multiple=True,
    metavar="MEANING=COLUMN",
    help="Which column holds what, such as name=Title; without it, guessed. Meanings: "
    + ", ".join(FIELDS),
)
@_feed_options
@with_appcontext
def table(file: Path, choices: tuple[str, ...], **described: str) -> None:
    """Load programmes from FILE, a table as CSV or as JSON Lines (inner names as outer.inner)."""
    source = _described(Source(name=file.stem, format=SourceFormat.CSV), described)

    def load_table() -> ImportReport:
        found = read_table(read_file(file, ON_THE_COMMAND_LINE), str(file), ON_THE_COMMAND_LINE)
        columns = _chosen_columns(choices, found.columns)
        feed = read_programmes(found, columns, known_districts())
        return load(feed, source, actor=None, now=datetime.now(UTC))

    _run_in_one_transaction(load_table)


def _chosen_columns(choices: tuple[str, ...], columns: Sequence[str]) -> dict[str, str]:
    """Which column holds what: as it was said, and as far as nothing was, as it is guessed."""
    chosen: dict[str, str] = {}
    for choice in choices:
        meaning, _sign, column = choice.partition("=")
        if meaning not in FIELDS:
            raise WrongInput(f"--column {choice}: the meaning is none of {', '.join(FIELDS)}")
        if column and column not in columns:
            raise WrongInput(f"--column {choice}: there is no such column in the file")
        chosen[meaning] = column
    guessed = guess_columns([each for each in columns if each not in chosen.values()])
    chosen = {**guessed, **chosen}
    for meaning in REQUIRED:
        if not chosen.get(meaning):
            raise WrongInput(f"say which column holds the {meaning}: --column {meaning}=COLUMN")
    return {meaning: column for meaning, column in chosen.items() if column}


def _described(source: Source, described: dict[str, str]) -> Source:
    return replace(
        source,
        name=described["source"] or source.name,
        attribution=described["attribution"] or source.attribution,
        licence=described["licence"] or source.licence,
    )


def _run_feed(source_format: SourceFormat, place: str, described: dict[str, str]) -> None:
    is_address = "://" in place
    source = SOURCES[source_format]
    if is_address:
        source = replace(source, url=place)
        if not source.attribution:  # two publishers must not share a name
            source = replace(source, name=urlsplit(place).hostname or place)
    source = _described(source, described)
    read = READERS[source_format]

    def load_feed() -> ImportReport:
        data = _fetched(place, source_format) if is_address else _file_at(place)
        feed = read(data, place, ON_THE_COMMAND_LINE, known_districts())
        return load(feed, source, actor=None, now=datetime.now(UTC))

    _run_in_one_transaction(load_feed)


def _fetched(url: str, source_format: SourceFormat) -> bytes:
    fetcher = Fetcher(hosts=current_app.extensions["settings"].import_hosts)
    return fetch_feed(fetcher, url, source_format, ON_THE_COMMAND_LINE, seconds=LONGEST_FEED)


def _file_at(place: str) -> bytes:
    path: Path = FILE.convert(place, None, click.get_current_context())
    return read_file(path, ON_THE_COMMAND_LINE)


def _run(importer: Importer, file: Path) -> None:
    """Import a file row by row, showing how far it is."""
    progress = partial(click.progressbar, file=sys.stderr, hidden=not sys.stderr.isatty())
    _run_in_one_transaction(partial(importer, file, progress=progress))


def _run_in_one_transaction(importer: Callable[[], ImportReport]) -> None:
    """Import all that can be taken, and print what was done."""
    try:
        with write_intent():
            report = importer()
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
    if report.missing:
        figures["not there any more (left as they are)"] = report.missing
    if report.conflicts:
        figures["edited here and changed there"] = report.conflicts
    if report.possible_duplicates:
        figures["organisations that may be one"] = report.possible_duplicates
    for name, figure in figures.items():
        click.echo(f"{name}: {figure}")
    for rejection in report.rejected:
        click.echo(f"  {rejection}")
