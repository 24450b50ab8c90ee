"""Figures in sentences. A sentence says no more than the figure that stands in the table."""

from __future__ import annotations

from collections.abc import Mapping

from babel.lists import format_list
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

from matchmaker.services.activity.choosing import Chosen
from matchmaker.services.statistics.figures import Figure
from matchmaker.services.statistics.scope import UNITED_KINGDOM, StatisticalArea


def name_of(area: StatisticalArea) -> str:
    """An area as it is named in the middle of a sentence."""
    return _("the United Kingdom") if area.code == UNITED_KINGDOM else area.label


def number(figure: Figure) -> str:
    """A figure as it is read in the middle of a sentence: none, 1 to 7, about 85.

    A figure that is kept back is at least 1, and no more is known of it.
    """
    if figure.shown == 0:
        return _("none")
    if figure.shown is not None:
        return _("about %(number)s", number=figure.text)
    return _("some (kept back)") if figure.is_withheld else _("1 to 7")


def largest(figures: Mapping[str, Figure]) -> str:
    """Which of some named figures is the largest of those that are shown; empty if none is.

    Returns:
        A phrase such as ``“No time” (about 45)``, with several names where they are as large.
    """
    sizes = {name: figure.shown for name, figure in figures.items() if figure.shown}
    if not sizes:
        return ""
    size = max(sizes.values())
    names = [_("“%(name)s”", name=name) for name, each in sizes.items() if each == size]
    if len(names) == 1:
        return _("%(name)s (about %(number)s)", name=names[0], number=format_decimal(size))
    return _(
        "%(names)s (about %(number)s each)",
        names=str(format_list(names, locale=str(get_locale() or "en_GB"))),
        number=format_decimal(size),
    )


def nothing_to_name(figures: Mapping[str, Figure], chosen: Chosen) -> str:
    """What is said where none of some figures is shown and more than 0."""
    if any(each.is_hidden for each in figures.values()):
        return _("No figure of %(period)s can be shown.", period=chosen.period.label)
    return _("There was nothing to count in %(period)s.", period=chosen.period.label)
