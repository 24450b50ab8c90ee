"""`matchmaker vocabulary check`: whether the data files of the vocabulary are sound."""

from __future__ import annotations

import sys

import click
from flask_babel import gettext as _

from matchmaker.vocabulary import VocabularyError, find_problems, load_vocabulary
from matchmaker.vocabulary.areas import load_areas


# A plain group: Flask's own would build the app, and with it the database, for every command.
@click.group("vocabulary")
def group() -> None:
    """Look after the words and places that both sides share."""


@group.command("check")
def check() -> None:
    """Read every data file and name everything that is wrong, or count what is in them."""
    problems = [*find_problems(), *_area_problems()]
    problems = problems or _problems_between()
    for problem in problems:
        click.echo(str(problem))
    if problems:
        sys.exit(1)
    vocabulary = load_vocabulary()
    counts = {
        _("conditions"): len(vocabulary.conditions),
        _("approaches"): len(vocabulary.approaches),
        _("professions"): len(vocabulary.professions),
        _("areas"): len(vocabulary.areas.current),
        _("superseded areas"): len(vocabulary.areas) - len(vocabulary.areas.current),
    }
    for name, count in counts.items():
        click.echo(f"{name}: {count}")
    click.echo(_("version: %(version)s", version=vocabulary.version))


def _problems_between() -> list[VocabularyError]:
    """The first thing wrong between files that are sound by themselves, such as a group's terms."""
    try:
        load_vocabulary()
    except VocabularyError as problem:
        return [problem]
    return []


def _area_problems() -> list[VocabularyError]:
    """The first thing wrong in the area tables, which are read one after the other."""
    try:
        load_areas()
    except VocabularyError as problem:
        return [problem]
    return []
