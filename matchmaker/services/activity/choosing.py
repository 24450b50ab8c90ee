"""For which area and which period a lead looks at figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.services.clock import london_date
from matchmaker.services.policy import Actor
from matchmaker.services.statistics import figures
from matchmaker.services.statistics.periods import Period, PeriodKind, month_of
from matchmaker.services.statistics.scope import StatisticalArea, visible_areas


@dataclass(frozen=True, slots=True)
class Chosen:
    """What figures are looked at: of one area, in one period."""

    area: StatisticalArea
    period: Period


def default_area(actor: Actor) -> StatisticalArea | None:
    """The widest area that a lead looks after, or the health area around it; None for nobody."""
    seen = visible_areas(actor)
    own = [each for each in seen if each.code in actor.lead_area_codes]
    around = [each for each in seen if not each.is_rest]
    return next(iter((*own, *reversed(around))), None)


def list_periods(kinds: Iterable[PeriodKind] = tuple(PeriodKind)) -> list[Period]:
    """Every period with published figures, kind by kind, the newest first."""
    return [period for kind in kinds for period in figures.list_periods(kind)]


def next_release_on(now: datetime) -> date:
    """The day in London on which the figures of another month are made next."""
    today = london_date(now)
    month = month_of(today)
    return next(each.due_on for each in (month.previous, month) if each.due_on > today)
