"""Which figures an address asks for, of those its reader may see."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from matchmaker.services.activity.choosing import Chosen, default_area, list_periods
from matchmaker.services.statistics.periods import Period, PeriodKind
from matchmaker.services.statistics.scope import StatisticalArea, find_visible_area, visible_areas
from matchmaker.web.access import current_actor


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen, what was, and in a sentence what is wrong with it.

    Before the first release there is no period, and nothing is wrong with that.
    """

    areas: tuple[StatisticalArea, ...]
    periods: tuple[Period, ...]
    area: StatisticalArea | None
    period: Period | None
    problem: str = ""

    @property
    def chosen(self) -> Chosen | None:
        """The area and the period, if there are figures for both."""
        if self.area is None or self.period is None:
            return None
        return Chosen(self.area, self.period)

    @property
    def latest_quarter(self) -> Period | None:
        """The newest quarter that there are figures for."""
        return next((each for each in self.periods if each.kind is PeriodKind.QUARTER), None)


def read_choice() -> Choice:
    """The lead's own area and the latest month, unless the address says something else."""
    actor = current_actor()
    areas, periods = visible_areas(actor), tuple(list_periods())
    code, key = request.args.get("area", ""), request.args.get("period", "")
    area = next((each for each in areas if each.code == code), None)
    period = next((each for each in periods if each.key == key), None)
    if code and area is None:
        problem = _("There are no figures for you to see of the area in this address.")
    elif key and period is None:
        problem = _("There are no figures for the period in this address.")
    else:
        problem = ""
    return Choice(
        areas=areas,
        periods=periods,
        area=area or default_area(actor),
        period=period or next(iter(periods), None),
        problem=problem,
    )


def chosen_from_url(area_code: str, period_key: str) -> Chosen | None:
    """The figures that an address names, for `@access`; None where its reader sees none."""
    area = find_visible_area(current_actor(), area_code)
    period = next((each for each in list_periods() if each.key == period_key), None)
    return None if area is None or period is None else Chosen(area, period)
