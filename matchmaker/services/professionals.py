"""A professional's profile: started from a few answers, then completed task by task."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar, Protocol

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    OLDEST_AGE,
    Delivery,
    Professional,
    ProfessionalArea,
    ProfessionalTerm,
    Programme,
    ProgrammeTerm,
    Setting,
    TermField,
    TermSide,
    User,
)
from matchmaker.services import audit, interruptions, register_checks
from matchmaker.services.answers import MOST_WORDINGS, Answers, TermAnswer
from matchmaker.services.clock import london_date
from matchmaker.services.errors import DomainError, FieldError, StaleVersion
from matchmaker.services.limited_view import LimitedView, limited_view
from matchmaker.services.places import Place
from matchmaker.services.readings import Reading, ReadTerm, chosen_terms, terms_to_add
from matchmaker.vocabulary import load_vocabulary

MOST_PLACES = 5
MOST_TERMS = 30
TEXT_MAX_LENGTH = 2000
# Two letters for the profession and five or six digits, as the register prints them.
_HCPC_NUMBER = re.compile(r"[A-Z]{2}[0-9]{5,6}")


class Task(enum.StrEnum):
    """The parts of a profile, in the order in which they are asked for."""

    WORK = "work"
    PLACES = "places"
    PEOPLE = "people"
    APPROACHES = "approaches"
    SEEKING = "seeking"
    ENGAGEMENT = "engagement"
    VISIBILITY = "visibility"


# What the vocabulary reads of what somebody writes, by the task that asks for it.
TEXTS = MappingProxyType({Task.WORK: "offers_text", Task.SEEKING: "seeks_text"})


class Change(Protocol):
    """The answers of one task."""

    @property
    def task(self) -> Task:
        """Which task was answered."""

    def apply_to(self, professional: Professional) -> None:
        """Write the answers into the row.

        Raises:
            FieldError: One of them cannot be taken.
        """


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody does, and for whom. The register number is private and may be left out."""

    profession: str | None
    setting: Setting | None
    employer: str
    offers_text: str
    hcpc_number: str
    task: ClassVar[Task] = Task.WORK

    def apply_to(self, professional: Professional) -> None:
        """Write the answers; see `save` for what was found of the register number."""
        if self.profession is not None and self.profession not in load_vocabulary().professions:
            raise FieldError("profession", _("Choose your profession from the list"))
        _check_length("offers_text", self.offers_text)
        number = re.sub(r"\s+", "", self.hcpc_number).upper()
        if number and not _HCPC_NUMBER.fullmatch(number):
            raise FieldError(
                "hcpc_number", _("An HCPC number is 2 letters and 5 or 6 digits, like PH123456")
            )
        professional.hcpc_number = number
        professional.profession = self.profession
        professional.setting = self.setting
        professional.employer = self.employer.strip()
        professional.offers_text = self.offers_text.strip()


@dataclass(frozen=True, slots=True)
class Places:
    """Where somebody works."""

    places: Sequence[Place]
    task: ClassVar[Task] = Task.PLACES

    def apply_to(self, professional: Professional) -> None:
        """Write the areas, each once; a postcode district is kept for the distance."""
        if len(self.places) > MOST_PLACES:
            raise FieldError("where", _("Enter %(most)s places or fewer", most=MOST_PLACES))
        _set_places(professional, self.places)


@dataclass(frozen=True, slots=True)
class People:
    """With whom somebody works: conditions and ages."""

    conditions: Sequence[TermAnswer]
    min_age: int | None
    max_age: int | None
    task: ClassVar[Task] = Task.PEOPLE

    def apply_to(self, professional: Professional) -> None:
        """Write the conditions and ages."""
        for name, age in (("min_age", self.min_age), ("max_age", self.max_age)):
            if age is not None and not 0 <= age <= OLDEST_AGE:
                raise FieldError(name, _("Enter an age from 0 to %(oldest)s", oldest=OLDEST_AGE))
        if self.min_age is not None and self.max_age is not None and self.min_age > self.max_age:
            raise FieldError("max_age", _("The oldest age must not be below the youngest"))
        _set_terms(professional, TermField.CONDITION, self.conditions)
        professional.min_age, professional.max_age = self.min_age, self.max_age


@dataclass(frozen=True, slots=True)
class Approaches:
    """How somebody likes to work."""

    approaches: Sequence[TermAnswer]
    delivery: Delivery
    task: ClassVar[Task] = Task.APPROACHES

    def apply_to(self, professional: Professional) -> None:
        """Write the approaches and the way people are met."""
        _set_terms(professional, TermField.APPROACH, self.approaches)
        professional.delivery = self.delivery


@dataclass(frozen=True, slots=True)
class Seeking:
    """What somebody is looking for, in their own words."""

    seeks_text: str
    task: ClassVar[Task] = Task.SEEKING

    def apply_to(self, professional: Professional) -> None:
        """Write the text; an empty one means: the same as I offer."""
        _check_length("seeks_text", self.seeks_text)
        professional.seeks_text = self.seeks_text.strip()


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was read in the text of a task, and confirmed by its author."""

    task: Task
    terms: Sequence[ReadTerm]

    def apply_to(self, professional: Professional) -> None:
        """Add the terms to what is offered; what is there stays."""
        offered = [each for field in TermField for each in offered_terms(professional, field)]
        # The forms take no more of a field than they can read back.
        professional.terms += [
            ProfessionalTerm(
                field=read.field, side=TermSide.OFFERS, wording=read.wording, code=read.code
            )
            for read in terms_to_add(self.terms, offered, most=MOST_WORDINGS)
        ]


@dataclass(frozen=True, slots=True)
class Engagement:
    """How far somebody wants to go."""

    is_willing_to_signpost: bool
    is_willing_to_refer: bool
    is_willing_to_advise: bool
    is_willing_to_run_together: bool
    task: ClassVar[Task] = Task.ENGAGEMENT

    def apply_to(self, professional: Professional) -> None:
        """Write the four switches."""
        professional.is_willing_to_signpost = self.is_willing_to_signpost
        professional.is_willing_to_refer = self.is_willing_to_refer
        professional.is_willing_to_advise = self.is_willing_to_advise
        professional.is_willing_to_run_together = self.is_willing_to_run_together


@dataclass(frozen=True, slots=True)
class Visibility:
    """Whether organisations may find somebody, and whether they take introductions now."""

    is_findable: bool
    is_available: bool
    available_again_on: date | None
    task: ClassVar[Task] = Task.VISIBILITY

    def apply_to(self, professional: Professional) -> None:
        """Write the switches; a date of return is kept only with being away."""
        professional.is_findable = self.is_findable
        professional.is_available = self.is_available
        professional.available_again_on = None if self.is_available else self.available_again_on


def start_profile(user: User, answers: Answers, *, now: datetime) -> Professional:
    """Begin a profile with what somebody answered before they had an account.

    Nobody can find it yet: being found is a choice of its own.

    Raises:
        DomainError: The person has a profile already.
    """
    # A button pressed twice begins one profile.
    db.session.refresh(user, with_for_update={"of": User})
    db.session.expire(user, ["professional"])
    if user.professional is not None:
        raise DomainError(_("You have a profile already."))
    professional = Professional(
        user=user,
        profession=answers.profession,
        seeks_text=answers.text,
        created_at=now,
        updated_at=now,
    )
    if answers.place is not None:
        _set_places(professional, [answers.place])
    for field in TermField:
        _set_terms(professional, field, [term for term in answers.terms if term.field is field])
    db.session.add(professional)
    db.session.flush()
    audit.record("profile.started", professional, actor=user, now=now)
    return professional


def save(
    professional: Professional, change: Change, *, version: int, actor: User, now: datetime
) -> None:
    """Save the answers of one task on top of `version`, the version they were asked about.

    Raises:
        StaleVersion: The profile was saved in the meantime, in another window perhaps.
        FieldError: An answer cannot be taken.
    """
    # A new introduction, which refers to the row, need not wait: it may hold what this waits for.
    db.session.refresh(professional, with_for_update={"key_share": True})
    if professional.version != version:
        raise StaleVersion(
            _("This profile was changed in another window. Check your answers and save again.")
        )
    was_findable = professional.is_findable
    availability = (professional.is_available, professional.available_again_on)
    looked_up = register_checks.digest_of(professional)
    change.apply_to(professional)
    professional.version += 1
    professional.updated_at = now
    db.session.flush()
    audit.record("profile.changed", professional, actor=actor, now=now, task=change.task.value)
    if register_checks.digest_of(professional) != looked_up:
        register_checks.clear(professional, actor=actor, now=now)
    if professional.is_findable != was_findable:
        action = "profile.made_findable" if professional.is_findable else "profile.hidden"
        audit.record(action, professional, actor=actor, now=now)
    if availability != (professional.is_available, professional.available_again_on):
        interruptions.availability_changed(professional, actor=actor, now=now)


def end_absences(*, now: datetime) -> int:
    """Make everybody available whose day of return has come; returns how many there were."""
    back = db.session.scalars(
        select(Professional)
        .where(
            Professional.is_available.is_(False),
            Professional.available_again_on <= london_date(now),
        )
        .order_by(Professional.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    for professional in back:
        professional.is_available = True
        professional.available_again_on = None
        professional.version += 1
        professional.updated_at = now
        audit.record("profile.available_again", professional, actor=None, now=now)
        db.session.flush()
        interruptions.availability_changed(professional, actor=None, now=now)
    return len(back)


def completed_tasks(professional: Professional) -> frozenset[Task]:
    """The tasks that have an answer. Being found always has one: a switch is on or off."""
    answered = {
        Task.WORK: bool(professional.profession),
        Task.PLACES: bool(professional.areas),
        Task.PEOPLE: bool(offered_terms(professional, TermField.CONDITION)),
        Task.APPROACHES: bool(offered_terms(professional, TermField.APPROACH)),
        Task.SEEKING: bool(professional.seeks_text),
        Task.ENGAGEMENT: any(
            (
                professional.is_willing_to_signpost,
                professional.is_willing_to_refer,
                professional.is_willing_to_advise,
                professional.is_willing_to_run_together,
            )
        ),
        Task.VISIBILITY: True,
    }
    return frozenset(task for task, is_answered in answered.items() if is_answered)


def offered_terms(professional: Professional, field: TermField) -> list[ProfessionalTerm]:
    """The conditions or approaches of a profile, in the order in which they were given."""
    return [
        term for term in professional.terms if term.field is field and term.side is TermSide.OFFERS
    ]


def reading(professional: Professional, task: Task) -> Reading:
    """The text of a task, if it asks for one, beside the conditions and approaches chosen."""
    offered = (each for field in TermField for each in offered_terms(professional, field))
    text = getattr(professional, TEXTS[task]) if task in TEXTS else ""
    return Reading(text, chosen_terms(offered), professional.version)


def fullest_view(professional: Professional) -> LimitedView:
    """The most an organisation may see before both have accepted: one that shares everything."""
    mirror = [
        ProgrammeTerm(field=term.field, wording=term.wording, code=term.code)
        for term in professional.terms
    ]
    return limited_view(professional, Programme(terms=mirror))


def _set_places(professional: Professional, places: Sequence[Place]) -> None:
    districts: dict[str, str | None] = {}
    for place in places:
        for code in place.area_codes:
            districts[code] = districts.get(code) or place.district
    kept = {area.area_code: area for area in professional.areas}
    professional.areas = [
        kept.get(code) or ProfessionalArea(area_code=code) for code in sorted(districts)
    ]
    for area in professional.areas:
        area.district = districts[area.area_code]


def _set_terms(professional: Professional, field: TermField, answers: Sequence[TermAnswer]) -> None:
    """Replace what is offered in one field; the other field, and what is looked for, stay."""
    if len(answers) > MOST_TERMS:
        name = "conditions" if field is TermField.CONDITION else "approaches"
        raise FieldError(name, _("Enter %(most)s or fewer", most=MOST_TERMS))
    others = [
        term
        for term in professional.terms
        if term.field is not field or term.side is not TermSide.OFFERS
    ]
    fresh = [
        ProfessionalTerm(
            field=field, side=TermSide.OFFERS, wording=answer.wording, code=answer.code
        )
        for answer in {answer.code or answer.wording: answer for answer in answers}.values()
    ]
    professional.terms = [*others, *fresh]


def _check_length(name: str, text: str) -> None:
    if len(text) > TEXT_MAX_LENGTH:
        raise FieldError(name, _("Use %(most)s characters or fewer", most=TEXT_MAX_LENGTH))
