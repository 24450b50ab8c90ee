"""Everything that is held about a person, for that person: to read, and for a program."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute

from matchmaker.extensions import Base, db
from matchmaker.models import Organisation, Programme, SurveyQuestion, SurveyWave, User
from matchmaker.services.personal_data.all_parts import PARTS
from matchmaker.services.personal_data.part import Part, Person
from matchmaker.vocabulary import load_vocabulary

# Columns that hold a row's number, and are given as that row's name instead.
NAMED: dict[str, InstrumentedAttribute[str]] = {
    "programme": Programme.name,
    "passed_to_programme": Programme.name,
    "organisation": Organisation.name,
    "wave": SurveyWave.title,
    "question": SurveyQuestion.wording,
}


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is held: what a program calls it, what people call it, and what it is."""

    key: str
    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one kind, the oldest first; each is what is held in it."""

    key: str
    title: str
    rows: tuple[tuple[Held, ...], ...]


def gather(user: User) -> list[Section]:
    """What is held about `user`, in the order of `PARTS`; kinds of which there is nothing, too."""
    professional = user.professional
    person = Person(
        user_id=user.id,
        professional_id=-1 if professional is None else professional.id,
        email=user.email,
    )
    return [
        Section(part.key, str(part.title), tuple(_held(part, row) for row in _rows(part, person)))
        for part in PARTS
    ]


def as_json(sections: list[Section], *, now: datetime) -> str:
    """The same for a program: an object with a list for each kind; times in UTC (ISO 8601)."""
    content = {
        "made_at": now.isoformat(),
        **{
            section.key: [{each.key: _plain(each.value) for each in row} for row in section.rows]
            for section in sections
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _rows(part: Part, person: Person) -> list[Base]:
    order = inspect(part.model).primary_key
    return list(db.session.scalars(select(part.model).where(part.of(person)).order_by(*order)))


def _held(part: Part, row: Base) -> tuple[Held, ...]:
    hidden = part.hides(row)
    return tuple(
        _named(Held(column, str(label), getattr(row, column)))
        for column, label in part.columns.items()
        if column not in hidden
    )


def _named(held: Held) -> Held:
    """Give the name of a row, or of a place, where only its number or code is held."""
    areas = load_vocabulary().areas
    if held.key == "area_code" and held.value in areas:
        return Held("area", held.label, areas.label(held.value))
    key = held.key.removesuffix("_id")
    if key == held.key or key not in NAMED:
        return held
    column = NAMED[key]
    name = db.session.scalar(select(column).where(column.class_.id == held.value))
    return Held(key, held.label, name)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, enum.Enum) else value
