"""`matchmaker index`: the snapshots that suggestions are served from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.extensions import db

if TYPE_CHECKING:
    from matchmaker.services.matching import Folder, Served


@click.group("index")
def group() -> None:
    """Make and check the snapshots that suggestions are served from."""


@group.command()
@click.option("--quiet", is_flag=True, help="Say nothing when it went well.")
@with_appcontext
def build(*, quiet: bool) -> None:
    """Read every profile, fit them and make the snapshot the one that is served.

    Running servers take it over by themselves. If this is killed nothing has changed.
    """
    from matchmaker.services import matching  # noqa: PLC0415 -- slow to import

    folder = matching.current_folder()
    name = matching.build_here(db.engine, folder)
    if not quiet:
        _tell(folder, folder.open(name))


@group.command()
@with_appcontext
def status() -> None:
    """Say which snapshots there are, and which is served."""
    for folder, name, found in _opened():
        if isinstance(found, str):
            click.echo(found)
            continue
        _tell(folder, found)
        if name == folder.current_name():
            click.echo("  " + _("served"))


@group.command()
@with_appcontext
def verify() -> None:
    """Read every byte of every snapshot; exit 1 if one of them cannot be served, or none is."""
    from matchmaker.services import matching  # noqa: PLC0415

    folder = matching.current_folder()
    is_sound = folder.current_name() in folder.names()
    for _folder, name, found in _opened():
        if isinstance(found, str):
            is_sound = False
            click.echo(found, err=True)
        else:
            click.echo(_("%(name)s: sound", name=name))
    if not is_sound:
        raise click.ClickException(_("Run: matchmaker index build"))


def _opened() -> Iterator[tuple[Folder, str, Served | str]]:
    """Yield every snapshot, opened, or in its place what is wrong with it."""
    from matchmaker.services import matching  # noqa: PLC0415

    folder = matching.current_folder()
    names = folder.names()
    if not names:
        click.echo(_("There is no snapshot yet."))
    for name in names:
        try:
            yield folder, name, folder.open(name)
        except matching.NoSnapshot as error:
            yield folder, name, str(error)


def _tell(folder: Folder, served: Served) -> None:
    fitted = datetime.fromtimestamp(served.fitted_at, UTC)
    n_bytes = sum(each.stat().st_size for each in (folder.path / served.name).iterdir())
    n_programmes = len(served.snapshot.programmes)
    n_professionals = len(served.snapshot.professionals)
    click.echo(served.name)
    click.echo("  " + _("fitted %(moment)s UTC", moment=fitted.strftime("%Y-%m-%d %H:%M:%S")))
    click.echo("  " + ngettext("%(num)d programme", "%(num)d programmes", n_programmes))
    click.echo("  " + ngettext("%(num)d professional", "%(num)d professionals", n_professionals))
    click.echo("  " + _("%(size).1f MB", size=n_bytes / 1e6))
