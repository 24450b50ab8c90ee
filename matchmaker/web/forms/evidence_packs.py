"""Being told of new figures."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from matchmaker.models import PackFrequency
from matchmaker.services.statistics.scope import StatisticalArea
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import RadioField, SelectChoice, SelectField, SubmitField

FREQUENCIES = {
    PackFrequency.MONTHLY: _l("Every month"),
    PackFrequency.QUARTERLY: _l("Every quarter"),
}


class SubscribeForm(Form):
    """Of which area, and how often."""

    # The page has another form, with an area of its own.
    told_area = SelectField(_l("Figures of which area?"))
    frequency = RadioField(
        _l("How often?"),
        default=PackFrequency.MONTHLY.value,
        choices=[SelectChoice(each.value, label) for each, label in FREQUENCIES.items()],
    )
    tell = SubmitField(_l("Tell me by e-mail"))

    def __init__(self, areas: Iterable[StatisticalArea]) -> None:
        super().__init__()
        self.told_area.choices = [SelectChoice(each.code, each.label) for each in areas]
