"""Demand, supply and what was not met, side by side: one row for each group of conditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from matchmaker.services.activity.words import name_of, number
from matchmaker.services.charts import Cell, Chart, Row
from matchmaker.services.statistics.figures import Figure, read_tables
from matchmaker.services.statistics.periods import Period
from matchmaker.services.statistics.scope import StatisticalArea
from matchmaker.services.statistics.supply import NO_SUPPLY, Supply, read_supply
from matchmaker.vocabulary import TermGroup, load_vocabulary

DEMAND, PROFESSIONALS = "demand", "professionals"
UNMET, INTRODUCTIONS = "unmet", "introductions"
# How many professionals there are for each programme with places, where a gap is named.
NAMED_FROM = 5
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Gap:
    """What is known of one group of conditions in one area.

    `demand` and `unmet` count people and what they did, and are protected; `supply` is exact.
    """

    group: TermGroup
    demand: Figure
    supply: Supply
    unmet: Figure

    @property
    def weight(self) -> float | None:
        """How many professionals there are for each programme; None where that is hidden."""
        if not self.demand.shown:
            return None
        return self.demand.shown / (self.supply.programmes or 0.5)


def read_gaps(area: StatisticalArea, period: Period) -> list[Gap]:
    """Every group of conditions in the order of the vocabulary; two queries."""
    tables = read_tables((DEMAND, UNMET), area.code, period)
    offered = read_supply([area.code], period)
    return [
        Gap(
            group,
            demand=tables[DEMAND].figure(group.code, PROFESSIONALS),
            supply=offered.get((area.code, group.code), NO_SUPPLY),
            unmet=tables[UNMET].figure(group.code, INTRODUCTIONS),
        )
        for group in load_vocabulary().condition_groups.groups.values()
    ]


def chart_of(gaps: list[Gap], area: StatisticalArea, period: Period) -> Chart:
    """The table, with a sentence that names the largest gaps."""
    return Chart(
        "gaps",
        _("Needed, offered, and not met"),
        sentence_of(gaps, area, period),
        (
            _("Conditions"),
            _("Professionals"),
            _("Programmes with places"),
            _("In person nearby"),
            _("Online"),
            _("Not met"),
        ),
        tuple(
            Row(
                gap.group.heading,
                (
                    _with_bar(gap.demand, [each.demand for each in gaps]),
                    _with_bar(
                        Figure(gap.supply.programmes),
                        [Figure(each.supply.programmes) for each in gaps],
                    ),
                    Cell(f"{gap.supply.near:,}"),
                    Cell(f"{gap.supply.online:,}"),
                    _with_bar(gap.unmet, [each.unmet for each in gaps]),
                ),
            )
            for gap in gaps
        ),
    )


def sentence_of(gaps: list[Gap], area: StatisticalArea, period: Period) -> str:
    """Which gaps are the largest, and where most was asked for and not met."""
    named = largest(gaps)
    if named:
        first = _(
            "In %(period)s the largest gaps in %(area)s were: %(gaps)s.",
            period=period.label,
            area=name_of(area),
            gaps=listed(_named(gap) for gap in named),
        )
    else:
        first = _(
            "In %(period)s no gap in %(area)s was so large that it would be named here.",
            period=period.label,
            area=name_of(area),
        )
    most = max((gap.unmet.shown or 0 for gap in gaps), default=0)
    if not most:
        return first
    about = [gap for gap in gaps if gap.unmet.shown == most]
    second = _(
        "Asked for most often and not met: %(about)s, about %(number)s introductions.",
        about=listed(_quoted(gap) for gap in about),
        number=f"{most:,}",
    )
    return f"{first} {second}"


def sentence_about(gap: Gap, area: StatisticalArea, period: Period) -> str:
    """One gap in words."""
    return ngettext(
        "In %(area)s, %(period)s: %(demand)s professionals, %(num)d programme with places,"
        " %(unmet)s introductions asked for and not met.",
        "In %(area)s, %(period)s: %(demand)s professionals, %(num)d programmes with places,"
        " %(unmet)s introductions asked for and not met.",
        gap.supply.programmes,
        area=name_of(area),
        period=period.label,
        demand=number(gap.demand),
        unmet=number(gap.unmet),
    )


def largest(gaps: list[Gap]) -> list[Gap]:
    """The gaps that are worth naming, the largest first; what is hidden is never named."""
    found = [gap for gap in gaps if gap.weight is not None and gap.weight >= NAMED_FROM]
    found.sort(key=lambda gap: (-(gap.weight or 0), gap.group.heading))
    return found[:MOST_NAMED]


def _with_bar(figure: Figure, column: Iterable[Figure]) -> Cell:
    """A figure with a bar whose scale is that of its column: people and programmes have not one."""
    return Cell(figure.text, figure.shown, out_of=max(each.shown or 0 for each in column))


def counted(count: int) -> Cell:
    """An exact count with its bar."""
    return Cell(f"{count:,}", count)


def _named(gap: Gap) -> str:
    n_programmes = gap.supply.programmes
    if not n_programmes:
        return _(
            "%(group)s (about %(demand)s professionals, no programme with places)",
            group=_quoted(gap),
            demand=gap.demand.text,
        )
    return ngettext(
        "%(group)s (about %(demand)s professionals, %(num)d programme with places)",
        "%(group)s (about %(demand)s professionals, %(num)d programmes with places)",
        n_programmes,
        group=_quoted(gap),
        demand=gap.demand.text,
    )


def _quoted(gap: Gap) -> str:
    """The label in marks: some have commas in them."""
    return _("“%(name)s”", name=gap.group.label)


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them."""
    return str(format_list(list(names), locale=str(get_locale() or "en_GB")))
