"""Which figures a lead looks at: of which area, in which period."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.services.statistics.periods import Period, PeriodKind
from matchmaker.services.statistics.scope import StatisticalArea
from matchmaker.web.forms.base import QueryForm
from matchmaker.web.forms.fields import SelectChoice, SelectField, SubmitField


class ChooseFiguresForm(QueryForm):
    """An area and a period, of those there are figures for."""

    area = SelectField(_l("Area"))
    period = SelectField(_l("Period"))
    submit = SubmitField(_l("Show"))

    def __init__(
        self,
        areas: Iterable[StatisticalArea],
        periods: Iterable[Period],
        *,
        area: StatisticalArea | None,
        period: Period | None,
    ) -> None:
        super().__init__()
        self.area.choices = [SelectChoice(each.code, each.label) for each in areas]
        self.period.choices = [SelectChoice(each.key, period_name(each)) for each in periods]
        # What is shown, also where the address says nothing, or something else.
        self.area.data = None if area is None else area.code
        self.period.data = None if period is None else period.key


def period_name(period: Period) -> str:
    """A period with its kind, so that a list of all of them can be read."""
    name = {
        PeriodKind.MONTH: _("Month: %(period)s", period=period.label),
        PeriodKind.QUARTER: _("Quarter: %(period)s", period=period.label),
    }
    return name[period.kind]
