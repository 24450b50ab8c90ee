"""Of which quarter a lead looks at figures."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from matchmaker.services.statistics.periods import Period
from matchmaker.web.forms.base import QueryForm
from matchmaker.web.forms.fields import SelectChoice, SelectField, SubmitField


class ChooseQuarterForm(QueryForm):
    """A quarter, of those there are figures for."""

    period = SelectField(_l("Quarter"))
    submit = SubmitField(_l("Show"))

    def __init__(self, quarters: Iterable[Period], *, quarter: Period) -> None:
        super().__init__()
        self.period.choices = [SelectChoice(each.key, each.label) for each in quarters]
        self.period.data = quarter.key
