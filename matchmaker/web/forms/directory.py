"""The questions of the directory: one box of words, and what the list is narrowed down by."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import AnyOf, ValidationError

from matchmaker.models import Delivery
from matchmaker.services.directory import Counts, Wishes, Within, understand
from matchmaker.web.forms.base import QueryForm
from matchmaker.web.forms.fields import (
    CheckboxesField,
    CheckboxField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    TermsField,
    TextField,
)
from matchmaker.web.forms.suggestions import approach_choices

OLDEST = 120
DISTANCES = {
    Within.REACH: _l("Near it, or online"),
    Within.AREA: _l("Serves my area"),
    Within.MILES_5: _l("5 miles"),
    Within.MILES_10: _l("10 miles"),
    Within.MILES_25: _l("25 miles"),
    Within.MILES_50: _l("50 miles"),
    Within.ANYWHERE: _l("Any distance"),
}
DELIVERIES: dict[str, object] = {
    "": _l("Either"),
    Delivery.IN_PERSON: _l("In person"),
    Delivery.ONLINE: _l("Online"),
}


def _is_an_age(_form: object, field: IntegerField) -> None:
    # What is no number has a sentence of its own already.
    if field.data is not None and not 0 <= field.data <= OLDEST:
        raise ValidationError(_("Enter an age in years, from 0 to %(oldest)s", oldest=OLDEST))


class FindForm(QueryForm):
    """What somebody looks for. An answer that cannot be understood is left out, and stays there."""

    q = TextField(
        _l("What help do you look for?"),
        hint=_l("Like “COPD”, or “a walking group near KY12”. Nothing about one patient."),
        label_size="s",
        spellcheck=True,
    )
    where = TextField(
        _l("Where?"),
        hint=_l("A postcode, town, council or health board."),
        label_size="s",
        spellcheck=False,
    )
    within = SelectField(
        _l("How far?"),
        [AnyOf([each.value for each in Within], _l("Choose a distance from the list"))],
        label_size="s",
        choices=[SelectChoice(each.value, label) for each, label in DISTANCES.items()],
        validate_choice=False,
        default="",
    )
    conditions = TermsField(
        _l("Conditions"),
        hint=_l("One on each line. Any of them will do."),
        label_size="s",
        rows=2,
    )
    approaches = CheckboxesField(_l("Kind of support"), label_size="s", small=True)
    delivery = RadioField(
        _l("How?"),
        [AnyOf(list(DELIVERIES), _l("Choose in person, online or either"))],
        label_size="s",
        small=True,
        choices=[SelectChoice(each, label) for each, label in DELIVERIES.items()],
        validate_choice=False,
        default="",
    )
    age = IntegerField(
        _l("How old is the person?"),
        [_is_an_age],
        hint=_l("In years. We do not keep it."),
        label_size="s",
        width=3,
    )
    free = CheckboxField(_l("Free of charge"))
    places = CheckboxField(_l("Has places now"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.approaches.choices = approach_choices(self.approaches.data or [])
        self.validate()

    def wishes(self) -> Wishes:
        """What was understood of all that was typed."""
        delivery = self._understood("delivery")
        return understand(
            words=self._understood("q") or "",
            where=self._understood("where") or "",
            conditions=self._understood("conditions") or (),
            approaches=self._understood("approaches") or (),
            within=Within(self._understood("within") or ""),
            delivery=Delivery(delivery) if delivery else None,
            age=self._understood("age"),
            is_free=bool(self.free.data),
            has_places=bool(self.places.data),
        )

    def show_counts(self, counts: Counts) -> None:
        """Put beside the filters how many programmes each would leave."""
        of_deliveries: dict[str, int] = {
            Delivery.IN_PERSON: counts.in_person,
            Delivery.ONLINE: counts.online,
        }
        self.delivery.choices = [
            SelectChoice(each, _with_count(label, of_deliveries.get(each)))
            for each, label in DELIVERIES.items()
        ]
        for box, count in ((self.free, counts.free), (self.places, counts.with_places)):
            box.label.text = _with_count(box.label.text, count)

    def _understood(self, name: str) -> Any:
        field = self[name]
        return None if field.errors else field.data


def _with_count(label: object, count: int | None) -> str:
    return str(label) if count is None else _("%(label)s (%(n)d)", label=label, n=count)
