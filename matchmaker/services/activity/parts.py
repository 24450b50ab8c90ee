"""Which charts there are, and on which page each of them stands."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matchmaker.services.activity import overview, tables, times, trends
from matchmaker.services.activity.choosing import Chosen
from matchmaker.services.activity.not_taken_forward import not_taken_forward
from matchmaker.services.activity.tables import ANSWERS, REASONS, STEPS_BY, chart_key
from matchmaker.services.charts import Chart
from matchmaker.services.statistics.catalogue import get_table
from matchmaker.services.statistics.periods import PeriodKind


class Part(enum.StrEnum):
    """A page about activity."""

    OVERVIEW = "overview"
    TIMES = "times"
    OUTCOMES = "outcomes"
    KINDS = "kinds"
    TRENDS = "trends"


@dataclass(frozen=True, slots=True)
class _Builder:
    """How a chart is made, and of which table of the catalogue.

    `is_beside` says that it sets an area beside those around it.
    """

    table_key: str
    build: Callable[[Chosen], Chart]
    is_beside: bool = False

    @property
    def kinds(self) -> frozenset[PeriodKind]:
        """The periods that there is one for."""
        return get_table(self.table_key).kinds

    def is_for(self, chosen: Chosen) -> bool:
        """Whether there is one for such an area and period."""
        if self.is_beside and chosen.area.parent_code is None:
            return False
        return chosen.period.kind in self.kinds


def _each(
    make: Callable[[str], Callable[[Chosen], Chart]], table_keys: tuple[str, ...]
) -> dict[str, _Builder]:
    return {chart_key(each): _Builder(each, make(each)) for each in table_keys}


CHARTS: Mapping[Part, Mapping[str, _Builder]] = MappingProxyType(
    {
        Part.OVERVIEW: {
            "funnel": _Builder("funnel", overview.funnel),
            "who-asked": _Builder("funnel", overview.who_asked),
            "beside": _Builder("funnel", overview.beside, is_beside=True),
        },
        Part.TIMES: {
            "time-to-answer": _Builder("time_to_answer", times.time_to_answer),
            "days-between": _Builder("days_between", tables.days_between),
        },
        Part.OUTCOMES: {
            "not-taken-forward": _Builder("funnel", not_taken_forward),
            **_each(tables.reasons, REASONS),
            "check-in": _Builder("check_in", tables.check_ins),
            **_each(tables.answers, ANSWERS),
        },
        Part.KINDS: _each(tables.steps_by, STEPS_BY),
        Part.TRENDS: {
            "trend-asked": _Builder("funnel", trends.asked),
            "trend-accepted": _Builder("funnel", trends.accepted),
            "trend-completed": _Builder("funnel", trends.completed),
        },
    }
)


def charts_of(part: Part, chosen: Chosen) -> list[Chart]:
    """The charts of a page, of those there are for such a period."""
    return [each.build(chosen) for each in CHARTS[part].values() if each.is_for(chosen)]


def has_more(part: Part, chosen: Chosen) -> bool:
    """Whether longer periods have charts on a page that this one has not."""
    return any(chosen.period.kind not in each.kinds for each in CHARTS[part].values())


def find_chart(key: str, chosen: Chosen) -> Chart | None:
    """One chart by its key, or None where there is none for such a period."""
    for part in CHARTS.values():
        builder = part.get(key)
        if builder is not None and builder.is_for(chosen):
            return builder.build(chosen)
    return None
