"""What can be reached nearby, what only online, and what not at all: for places far from anything.

These figures count programmes and not people, and are exact.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.services.activity.words import name_of
from matchmaker.services.charts import Chart, Row
from matchmaker.services.gaps.table import counted
from matchmaker.services.statistics.periods import Period
from matchmaker.services.statistics.scope import StatisticalArea
from matchmaker.services.statistics.supply import NO_SUPPLY, Supply, read_supply
from matchmaker.vocabulary import TermGroup, load_vocabulary


class Reach(enum.StrEnum):
    """How somebody gets to programmes about a group of conditions; the best that there is."""

    NEAR = "near"
    ONLINE = "online"
    FAR = "far"
    NONE = "none"


def words_of(reach: Reach) -> str:
    """A way of reaching programmes, as the head of a column."""
    return {
        Reach.NEAR: _("Nearby in person"),
        Reach.ONLINE: _("Only online"),
        Reach.FAR: _("Only elsewhere in the nation"),
        Reach.NONE: _("Not at all"),
    }[reach]


def read_reach(
    areas: Collection[StatisticalArea], period: Period
) -> dict[str, dict[Reach, list[TermGroup]]]:
    """The groups of conditions by how each can be reached, for each area; one query."""
    codes = [each.code for each in areas if not each.is_rest]
    offered = read_supply(codes, period)
    groups = load_vocabulary().condition_groups.groups.values()
    return {
        code: {
            reach: [
                group
                for group in groups
                if _reach_of(offered.get((code, group.code), NO_SUPPLY)) is reach
            ]
            for reach in Reach
        }
        for code in codes
    }


def chart_of(
    found: dict[str, dict[Reach, list[TermGroup]]],
    areas: Collection[StatisticalArea],
    chosen: StatisticalArea,
) -> Chart:
    """How many groups of conditions can be reached in which way, area by area."""
    return Chart(
        "reach",
        _("How many of the groups of conditions can be reached, area by area"),
        _sentence(found[chosen.code], chosen),
        (_("Area"), *(words_of(reach) for reach in Reach)),
        tuple(
            Row(
                each.label,
                tuple(counted(len(found[each.code][reach])) for reach in Reach),
                is_total=each.parent_code is None or each.is_nation,
            )
            for each in areas
            if each.code in found
        ),
    )


def _sentence(found: dict[Reach, list[TermGroup]], area: StatisticalArea) -> str:
    counts = Counter({reach: len(groups) for reach, groups in found.items()})
    first = ngettext(
        "In %(area)s, %(near)s of %(num)d group of conditions can be reached nearby in person, and"
        " %(online)s only online.",
        "In %(area)s, %(near)s of %(num)d groups of conditions can be reached nearby in person, and"
        " %(online)s only online.",
        counts.total(),
        area=name_of(area),
        near=counts[Reach.NEAR],
        online=counts[Reach.ONLINE],
    )
    if not counts[Reach.NONE]:
        return first
    second = ngettext(
        "For %(num)d of them no programme has places.",
        "For %(num)d of them no programme has places.",
        counts[Reach.NONE],
    )
    return f"{first} {second}"


def _reach_of(supply: Supply) -> Reach:
    if supply.near:
        return Reach.NEAR
    if supply.online:
        return Reach.ONLINE
    return Reach.FAR if supply.programmes else Reach.NONE
