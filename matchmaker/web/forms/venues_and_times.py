"""The questions about one place people come to, and about one time at which they do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length, ValidationError

from matchmaker.models import Frequency
from matchmaker.services.programme_json import time_from_json, time_to_json
from matchmaker.services.programme_times import (
    NOTE_MAX_LENGTH,
    WEEKDAYS,
    TimeDetails,
    sentence,
    weekday_name,
)
from matchmaker.services.programme_venues import LINE_MAX_LENGTH, VenueDetails
from matchmaker.web.forms.clock import ClockField
from matchmaker.web.forms.fields import (
    CheckboxesField,
    DateField,
    HiddenField,
    SelectChoice,
    SelectField,
    TextField,
)

# What people choose among. What an import brought and these cannot say stays as it is.
WEEKLY, FORTNIGHTLY, MONTHLY, DAILY, ONCE = "weekly", "fortnightly", "monthly", "daily", "once"
AS_IT_IS = "as_it_is"
HOW_OFTEN = {
    WEEKLY: _l("Every week"),
    FORTNIGHTLY: _l("Every 2 weeks"),
    MONTHLY: _l("Every month"),
    DAILY: _l("Every day"),
    ONCE: _l("On one day only"),
}
WHICH_IN_MONTH = {
    1: _l("First"),
    2: _l("Second"),
    3: _l("Third"),
    4: _l("Fourth"),
    -1: _l("Last"),
}
_RULES: Mapping[str, tuple[Frequency | None, int]] = {
    WEEKLY: (Frequency.WEEKLY, 1),
    FORTNIGHTLY: (Frequency.WEEKLY, 2),
    MONTHLY: (Frequency.MONTHLY, 1),
    DAILY: (Frequency.DAILY, 1),
    ONCE: (None, 1),
}


class VenueForm(wtforms.Form):  # type: ignore[misc]
    """One place people come to."""

    name = TextField(
        _l("Name of the place"),
        [Length(max=LINE_MAX_LENGTH)],
        hint=_l("Like “Town hall” or “Community centre”."),
        spellcheck=False,
    )
    address = TextField(_l("Street"), [Length(max=LINE_MAX_LENGTH)], spellcheck=False)
    town = TextField(
        _l("Town or village"), [Length(max=LINE_MAX_LENGTH)], spellcheck=False, width=20
    )
    postcode = TextField(_l("Postcode"), [Length(max=12)], spellcheck=False, width=10)

    def details(self) -> VenueDetails:
        """The answers, as the service takes them."""
        return VenueDetails(
            name=self.name.data or "",
            address=self.address.data or "",
            town=self.town.data or "",
            postcode=self.postcode.data or "",
        )


class TimeForm(wtforms.Form):  # type: ignore[misc]
    """One time at which a programme takes place."""

    how_often = SelectField(
        _l("How often?"),
        choices=[SelectChoice(value, label) for value, label in HOW_OFTEN.items()],
        default=WEEKLY,
    )
    weekdays = CheckboxesField(
        _l("On which days of the week?"),
        hint=_l("Not needed for every day, or for one day only."),
        small=True,
    )
    ordinals = CheckboxesField(
        _l("Which ones in the month?"),
        hint=_l("Only for every month: tick “First” for the first Monday, say."),
        choices=[SelectChoice(str(number), label) for number, label in WHICH_IN_MONTH.items()],
        small=True,
    )
    starts_on = DateField(
        _l("On which date?"),
        hint=_l("Only if it is on one day, like 21 11 2026."),
    )
    opens_at = ClockField(_l("It begins at"), hint=_l("Like 10am."))
    closes_at = ClockField(_l("It ends at"), hint=_l("Like 2:30pm."))
    note = TextField(
        _l("Anything to know about this time?"),
        [Length(max=NOTE_MAX_LENGTH)],
        optional=True,
        hint=_l("Like “Not in July and August”."),
    )
    kept = HiddenField(default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekdays.choices = [SelectChoice(code, weekday_name(code)) for code in WEEKDAYS]
        kept = self._kept()
        if kept is not None:
            days = sentence(replace(kept, opens_at=None, closes_at=None, note=""))
            label = _("As it is now: %(days)s", days=days)
            self.how_often.choices = [*self.how_often.choices, SelectChoice(AS_IT_IS, label)]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered, so that there is nothing to keep or to complain about."""
        boxes = (self.weekdays, self.starts_on, self.opens_at, self.closes_at, self.note)
        return self.how_often.data not in (DAILY, AS_IT_IS) and not any(
            box.data or box.errors or box.process_errors for box in boxes
        )

    def validate_weekdays(self, field: CheckboxesField) -> None:
        """Ask for a day of the week where the answer makes no sense without one.

        Raises:
            ValidationError: There is none.
        """
        if self.is_empty or field.data:
            return
        if self.how_often.data in (WEEKLY, FORTNIGHTLY, MONTHLY):
            raise ValidationError(_("Choose at least one day of the week"))

    def validate_ordinals(self, field: CheckboxesField) -> None:
        """Ask which Monday of the month it is.

        Raises:
            ValidationError: Nobody has said.
        """
        if self.how_often.data == MONTHLY and not field.data and not self.is_empty:
            raise ValidationError(_("Choose which ones in the month"))

    def validate_starts_on(self, field: DateField) -> None:
        """Ask for the date of what happens once.

        Raises:
            ValidationError: There is none.
        """
        if self.how_often.data == ONCE and field.data is None and not self.is_empty:
            raise ValidationError(_("Enter the date on which it takes place"))

    def details(self) -> TimeDetails:
        """The answers, as the service takes them."""
        how_often = self.how_often.data
        kept = self._kept()
        if how_often != AS_IT_IS or kept is None:
            kept = TimeDetails(**self._rule(how_often))
        return replace(
            kept,
            opens_at=self.opens_at.data,
            closes_at=self.closes_at.data,
            note=self.note.data or "",
        )

    def _rule(self, how_often: str) -> dict[str, Any]:
        frequency, interval = _RULES[how_often]
        days = tuple(self.weekdays.data or ())
        if how_often == MONTHLY:
            days = tuple(f"{which}{day}" for day in days for which in self.ordinals.data)
        return {
            "frequency": frequency,
            "interval": interval,
            "weekdays": () if how_often in (DAILY, ONCE) else days,
            "starts_on": self.starts_on.data if how_often == ONCE else None,
        }

    def _kept(self) -> TimeDetails | None:
        """What the form was opened on, where its questions cannot say it."""
        try:
            return time_from_json(json.loads(self.kept.data or ""))
        except (KeyError, TypeError, ValueError):
            return None


def answers_of_time(time: TimeDetails) -> dict[str, Any]:
    """What the questions show of a time that is there already."""
    hours = {"opens_at": time.opens_at, "closes_at": time.closes_at, "note": time.note}
    rule = (time.frequency, time.interval)
    how_often = next((each for each, says in _RULES.items() if says == rule), AS_IT_IS)
    days = list(dict.fromkeys(each[-2:] for each in time.weekdays))
    ordinals = list(dict.fromkeys(each[:-2] for each in time.weekdays))
    answers = {
        **hours,
        "how_often": how_often,
        "weekdays": days,
        "ordinals": ordinals if how_often == MONTHLY else [],
        "starts_on": time.starts_on,
    }
    if _says(how_often, days, ordinals) == set(time.weekdays) and _has_usual_days(time):
        return answers
    return {**hours, "how_often": AS_IT_IS, "kept": json.dumps(time_to_json(time))}


def _says(how_often: str, days: list[str], ordinals: list[str]) -> set[str]:
    """The days of the week that the boxes would be read as, when these are ticked."""
    if how_often == MONTHLY:
        return {f"{which}{day}" for which in filter(None, ordinals) for day in days}
    return set(days) if how_often in (WEEKLY, FORTNIGHTLY) else set()


def _has_usual_days(time: TimeDetails) -> bool:
    """Whether its dates are those the questions ask for: one, and only of what happens once."""
    if time.frequency is None:
        return time.ends_on is None
    needs_day = time.frequency is not Frequency.DAILY
    return time.starts_on is time.ends_on is None and (bool(time.weekdays) or not needs_day)
