"""Which group of conditions a lead looks at, and where."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.services.statistics.periods import Period
from matchmaker.services.statistics.scope import StatisticalArea
from matchmaker.vocabulary import TermGroup, load_vocabulary
from matchmaker.web.forms.activity import period_name
from matchmaker.web.forms.base import QueryForm
from matchmaker.web.forms.fields import SelectChoice, SelectField, SubmitField

MEASURES = ("demand", "programmes", "unmet")


class ChooseAreaForm(QueryForm):
    """An area, where what is shown is as it is now."""

    area = SelectField(_l("Area"))
    submit = SubmitField(_l("Show"))

    def __init__(self, areas: Iterable[StatisticalArea], *, area: StatisticalArea) -> None:
        super().__init__()
        self.area.choices = [SelectChoice(each.code, each.label) for each in areas]
        self.area.data = area.code


class ChooseGroupForm(QueryForm):
    """An area and a group of conditions."""

    area = SelectField(_l("Area"))
    group = SelectField(_l("Conditions"))
    submit = SubmitField(_l("Show"))

    def __init__(
        self, areas: Iterable[StatisticalArea], *, area: StatisticalArea, group: TermGroup
    ) -> None:
        super().__init__()
        self.area.choices = [SelectChoice(each.code, each.label) for each in areas]
        self.area.data = area.code
        self.group.choices = _group_choices()
        self.group.data = group.code


class ChooseMapForm(QueryForm):
    """What a map shows, and of when."""

    group = SelectField(_l("Conditions"))
    measure = SelectField(_l("What to show"))
    period = SelectField(_l("Period"))
    submit = SubmitField(_l("Show"))

    def __init__(
        self, periods: Iterable[Period], *, period: Period | None, group: TermGroup, measure: str
    ) -> None:
        super().__init__()
        self.group.choices = _group_choices()
        self.group.data = group.code
        names = {
            "demand": _("Professionals"),
            "programmes": _("Programmes with places"),
            "unmet": _("Introductions asked for and not met"),
        }
        self.measure.choices = [SelectChoice(key, name) for key, name in names.items()]
        self.measure.data = measure
        self.caption = names[measure]
        self.period.choices = [SelectChoice(each.key, period_name(each)) for each in periods]
        self.period.data = None if period is None else period.key


def _group_choices() -> list[SelectChoice]:
    groups = load_vocabulary().condition_groups.groups.values()
    return [SelectChoice(each.code, each.heading) for each in groups]
