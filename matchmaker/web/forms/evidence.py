"""Which year an organisation reports on."""

from __future__ import annotations

from collections.abc import Container, Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.services.clock import long_date
from matchmaker.services.evidence.years import Year
from matchmaker.web.forms.base import QueryForm
from matchmaker.web.forms.fields import SelectChoice, SelectField, SubmitField


class ChooseYearForm(QueryForm):
    """A year; those of which there is a report say so."""

    period = SelectField(_l("Twelve months up to"))
    submit = SubmitField(_l("Show"))

    def __init__(self, years: Iterable[Year], *, year: Year, made: Container[Year]) -> None:
        super().__init__()
        self.period.choices = [
            SelectChoice(each.key, _("%(day)s (made)", day=day) if each in made else day)
            for each in years
            for day in [long_date(each.last_quarter.last)]
        ]
        self.period.data = year.key
