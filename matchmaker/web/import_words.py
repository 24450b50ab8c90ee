"""What imports compare, in words: the values of fields, and what becomes of records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.models import Delivery, Likeness, ProgrammeStatus
from matchmaker.services.organisations import NAME_MAX_LENGTH
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.forms.imports import FIELD_NAMES

DELIVERIES = {
    Delivery.IN_PERSON: _l("In person"),
    Delivery.ONLINE: _l("Online"),
    Delivery.BOTH: _l("In person and online"),
}
STATUSES = {
    ProgrammeStatus.OPEN: _l("Open"),
    ProgrammeStatus.PAUSED: _l("Paused"),
    ProgrammeStatus.CLOSED: _l("Closed"),
}
LIKENESSES = {
    Likeness.REGISTRATION: _l("They have the same registration number."),
    Likeness.NAME_AND_POSTCODE: _l("They have the same name, and their places do not differ."),
    Likeness.DOMAIN: _l("Their website or e-mail address is at the same domain."),
}
_WHOLE_TEXT = 5 * NAME_MAX_LENGTH


def field_name(field: str) -> str:
    """What people call a field."""
    return str(FIELD_NAMES[field])


def said(field: str, value: Any) -> str:
    """A field's value in words; a text of many pages is cut."""
    words = _SAY[field](value) if field in _SAY else str(value or "")
    if len(words) > _WHOLE_TEXT:
        words = f"{words[: _WHOLE_TEXT - 1]}…"
    return words or _("Nothing")


def _ages(value: list[int | None]) -> str:
    least, most = value
    if least is None and most is None:
        return _("All ages")
    if most is None:
        return _("%(age)s and over", age=least)
    return _("%(least)s to %(most)s", least=least or 0, most=most)


def _places(value: list[dict[str, Any]]) -> str:
    return "; ".join(
        ", ".join(filter(None, (each["name"], each["address"], each["town"], each["postcode"])))
        for each in value
    )


def _times(value: list[dict[str, Any]]) -> str:
    return "; ".join(
        " ".join(
            str(part)
            for part in (
                each["frequency"],
                each["weekdays"],
                each["starts_on"],
                (each["opens_at"] or "")[:5],
                (each["closes_at"] or "")[:5],
                each["note"],
            )
            if part
        )
        for each in value
    )


def _free(value: object) -> str:
    if value is None:
        return ""
    return _("Yes") if value else _("No")


_SAY: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "conditions": ", ".join,
        "approaches": ", ".join,
        "areas": lambda codes: ", ".join(map(load_vocabulary().areas.label, codes)),
        "ages": _ages,
        "delivery": lambda value: str(DELIVERIES[Delivery(value)]),
        "status": lambda value: str(STATUSES[ProgrammeStatus(value)]),
        "is_free": _free,
        "locations": _places,
        "schedules": _times,
    }
)
