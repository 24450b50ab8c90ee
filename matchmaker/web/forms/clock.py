"""The question for a time of day."""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING, Any

import wtforms
from flask_babel import gettext as _

from matchmaker.services.programme_times import clock
from matchmaker.web.forms import widgets
from matchmaker.web.forms.question import Question

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.]?(?P<minute>[0-9]{2}))?(?P<half>am|pm)?")
_NAMED = {
    **dict.fromkeys(("noon", "12noon", "midday", "12midday"), time(12)),
    **dict.fromkeys(("midnight", "12midnight"), time()),
}


class ClockField(Question, wtforms.StringField):  # type: ignore[misc]
    """A time of day as people write it: 10am, 2.30 pm, 14:00, noon. The data is a `time`."""

    widget: Any = widgets.InputWidget()

    def __init__(self, label: object, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"spellcheck": False, "width": 10}
        super().__init__(label, validators, **(defaults | kwargs))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time.

        Raises:
            ValueError: It is none, or might be in the morning or in the afternoon.
        """
        typed = valuelist[0] if valuelist else ""
        self.data = None
        self.data = _read(re.sub(r"\s", "", typed).casefold().replace(".m.", "m"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return clock(self.data) if isinstance(self.data, time) else ""


def _read(written: str) -> time | None:
    if not written:
        return None
    if written in _NAMED:
        return _NAMED[written]
    found = _CLOCK.fullmatch(written)
    if found is None:
        raise ValueError(_("Enter a time, like 10am or 2:30pm"))
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    elif not found["half"] and 1 <= hour < 8 and not written.startswith("0"):
        raise ValueError(
            _("Say if it is morning or afternoon, like %(hour)sam or %(hour)spm", hour=hour)
        )
    elif found["half"] or hour > 23:
        raise ValueError(_("Enter a time, like 10am or 2:30pm"))
    if minute > 59:
        raise ValueError(_("Enter a time, like 10am or 2:30pm"))
    return time(hour, minute)
