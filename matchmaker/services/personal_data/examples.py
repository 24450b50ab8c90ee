"""Practice examples that somebody tells or agreed to."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select

from matchmaker.models import PracticeExample, PracticeExampleTerm
from matchmaker.services.personal_data.introductions import own_introductions
from matchmaker.services.personal_data.part import INTRODUCTION, KIND, Part, Person

EXAMPLE = _l("Number of the practice example")


def _examples(person: Person) -> ColumnElement[bool]:
    """What is told of their own introductions, and what they wrote or agreed to for others."""
    return or_(
        PracticeExample.introduction_id.in_(own_introductions(person)),
        PracticeExample.author_user_id == person.user_id,
        PracticeExample.programme_agreed_by_user_id == person.user_id,
    )


EXAMPLES: tuple[Part, ...] = (
    Part(
        "examples",
        _l("Practice examples you tell"),
        PracticeExample,
        _examples,
        {
            "id": EXAMPLE,
            "introduction_id": INTRODUCTION,
            "state": _l("How it stands"),
            "title": _l("Title"),
            "did": _l("What you did"),
            "changed": _l("What changed"),
            "took": _l("What it took"),
            "advice": _l("Advice to others"),
            "profession": _l("Profession that is told"),
            "area_code": _l("Area"),
            "shows_professional": _l("Names the professional"),
            "shows_organisation": _l("Names the organisation"),
            "is_kept_when_erased": _l("Stays without the name when the account goes"),
            "professional_agreed_at": _l("The professional agreed"),
            "programme_agreed_at": _l("The organisation agreed"),
            "reviewed_at": _l("Read by a lead"),
            "review_note": _l("Note of a lead"),
            "published_at": _l("Published"),
            "taken_down_at": _l("Taken down"),
            "withdrawn_at": _l("Withdrawn"),
            "created_at": _l("Begun"),
            "updated_at": _l("Last changed"),
        },
    ),
    Part(
        "example_terms",
        _l("What your practice examples are about"),
        PracticeExampleTerm,
        lambda person: PracticeExampleTerm.practice_example_id.in_(
            select(PracticeExample.id).where(_examples(person))
        ),
        {"practice_example_id": EXAMPLE, "field": KIND, "code": _l("What we call it")},
    ),
)
