"""`matchmaker export`: the open data as files."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext as _

from matchmaker.extensions import see_one_moment
from matchmaker.services import open_referral

FOLDER = click.Path(file_okay=False, path_type=Path)

group = AppGroup("export", help="Write what is public to files that other programs read.")


@group.command("oruk")
@click.argument("folder", metavar="DIR", type=FOLDER)
@with_appcontext
def oruk(folder: Path) -> None:
    """Write every listed programme to DIR as Open Referral UK v3 JSON.

    services.json holds the services as one page, taxonomies.json and taxonomy_terms.json the words
    they are tagged with: the same that the API answers. Files of these names are replaced, all of
    them or none.
    """
    see_one_moment()
    bar = click.progressbar(
        length=open_referral.count_services(),
        label=_("Services written"),
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    )
    try:
        with bar:
            written = open_referral.export(folder, progress=bar.update)
    except OSError as error:
        raise click.ClickException(str(error)) from error
    click.echo(_("Services written to %(folder)s: %(count)s.", folder=folder, count=f"{written:,}"))
