"""What a programme says, answer by answer in plain words, to compare two of its versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from matchmaker.services.programme_details import ProgrammeDetails
from matchmaker.services.programme_history import FIELDS, changed_fields
from matchmaker.services.programme_times import sentence
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.forms.programmes import DELIVERY_SENTENCES

LABELS = {
    "name": _l("Name"),
    "description": _l("What happens"),
    "conditions": _l("Conditions"),
    "approaches": _l("How it helps"),
    "areas": _l("Area it serves"),
    "min_age": _l("Youngest age"),
    "max_age": _l("Oldest age"),
    "delivery": _l("How people take part"),
    "locations": _l("Where people come to"),
    "schedules": _l("When"),
    "is_free": _l("Free or not"),
    "cost": _l("Cost"),
    "funded_by": _l("Paid for by"),
    "professions": _l("Would like to meet"),
    "seeks_text": _l("What they hope for"),
    "website": _l("Website"),
    "public_email": _l("E-mail address for anybody"),
    "public_phone": _l("Phone number for anybody"),
    "contact_name": _l("Contact person"),
    "contact_email": _l("E-mail address of the contact person"),
    "contact_phone": _l("Phone number of the contact person"),
    "places_per_month": _l("Places for new introductions in a month"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that is different; each side line by line, empty where nothing is said."""

    field: str
    label: str
    old: list[str]
    new: list[str]


def differences(before: ProgrammeDetails, after: ProgrammeDetails) -> list[Difference]:
    """What is different, in the order of the form."""
    return [
        Difference(name, str(LABELS[name]), lines_of(before, name), lines_of(after, name))
        for name in changed_fields(before, after)
    ]


def all_answers(details: ProgrammeDetails) -> list[Difference]:
    """Everything a programme says, as new."""
    said = [(name, lines_of(details, name)) for name in FIELDS]
    return [Difference(name, str(LABELS[name]), [], lines) for name, lines in said if lines]


def lines_of(details: ProgrammeDetails, name: str) -> list[str]:
    """One answer as people read it."""
    value = getattr(details, name)
    if value in (None, "", ()):
        return []
    return _IN_WORDS.get(name, _as_typed)(value)


def _as_typed(value: object) -> list[str]:
    return list(value) if isinstance(value, tuple) else str(value).splitlines()


def _professions(codes: Sequence[str]) -> list[str]:
    professions = load_vocabulary().professions
    return [professions[code].heading for code in codes]


_IN_WORDS: Mapping[str, Callable[[Any], list[str]]] = {
    "delivery": lambda delivery: [str(DELIVERY_SENTENCES[delivery])],
    "areas": lambda codes: [load_vocabulary().areas.label(code) for code in codes],
    "professions": _professions,
    "locations": lambda venues: [", ".join(filter(None, each.words)) for each in venues],
    "schedules": lambda times: [sentence(each) for each in times],
    "is_free": lambda is_free: [_("It is free") if is_free else _("It costs something")],
}
