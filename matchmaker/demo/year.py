"""What happened in the demo besides the stories: some thousand introductions, for the figures.

They are between people who cannot be found and drafts that nobody sees, so that they are in no
list of anybody's: a lead sees them in figures, as a real year would be seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import exp
from random import Random
from typing import Any

from sqlalchemy import insert, select

from matchmaker import engine
from matchmaker.demo.lives import Lives
from matchmaker.demo.sign_ins import email_of
from matchmaker.extensions import Base, db, write_intent
from matchmaker.models import (
    CheckIn,
    Delivery,
    Introduction,
    IntroductionState,
    MutedNotification,
    NotificationKind,
    Organisation,
    Professional,
    ProfessionalArea,
    ProfessionalTerm,
    Programme,
    ProgrammeArea,
    ProgrammeTerm,
    ShownSuggestion,
    Side,
    TermField,
    TermSide,
    User,
)
from matchmaker.services.clock import add_months, london_date, london_midnight

SEED = 2026
MONTHS = 15
INTRODUCTIONS = 3000
PROFESSIONALS = 120
# What else is on the page on which somebody finds what they ask for, and pages that lead nowhere.
SHOWN_BESIDE = 3
PAGES_WITHOUT_ASKING = 1
PAGE, HIGHEST_Z = 10, 3.0
PLACES = 3

# Each with where it is and how many programmes it has; the last has all the others.
_ORGANISATIONS = (
    ("Figures of the demo", "S12000017", 1),
    ("Figures of the demo: a few", "S12000035", 3),
    ("Figures of the demo: most", "S12000047", None),
)
ORGANISATION = _ORGANISATIONS[0][0]
NO_PASSWORD = "nobody"  # noqa: S105 - no hash: no password ever matches it
# Councils, and how much goes on there: four boards of Scotland, and little elsewhere.
_AREAS = {
    "S12000047": 34,  # Fife
    "S12000036": 22,  # Edinburgh
    "S12000049": 18,  # Glasgow
    "S12000042": 14,  # Dundee
    "S12000017": 3,  # Highland
    "W06000015": 5,  # Cardiff
    "E08000035": 4,  # Leeds
}
_PROFESSIONS = {
    "physiotherapist": 9,
    "occupational-therapist": 7,
    "speech-and-language-therapist": 4,
    "dietitian": 3,
    "podiatrist": 2,
}
# What a programme is about, how it works, and how it meets people.
_PROGRAMMES = (
    (("stroke", "aphasia"), ("peer-support",), Delivery.IN_PERSON, 9),
    (("copd",), ("physical-activity",), Delivery.IN_PERSON, 8),
    (("falls", "frailty"), ("physical-activity",), Delivery.IN_PERSON, 8),
    (("dementia",), ("arts", "befriending"), Delivery.IN_PERSON, 6),
    (("loneliness",), ("befriending",), Delivery.BOTH, 6),
    (("depression", "anxiety"), ("counselling",), Delivery.BOTH, 5),
    (("chronic-pain",), ("self-management",), Delivery.ONLINE, 5),
    (("type-2-diabetes",), ("food-and-cooking", "education-courses"), Delivery.BOTH, 4),
    (("parkinsons-disease",), ("physical-activity", "peer-support"), Delivery.IN_PERSON, 4),
    (("caring-for-someone",), ("advice-and-information",), Delivery.ONLINE, 3),
    (("long-covid",), ("self-management", "peer-support"), Delivery.ONLINE, 2),
    (("breast-cancer",), ("peer-support",), Delivery.BOTH, 2),
)


def load_year(*, now: datetime) -> bool:
    """Add the year unless it is here already, as one transaction of its own.

    The same moment always adds the same.

    Returns:
        Whether it is new.
    """
    known = db.session.scalar(select(Organisation.id).where(Organisation.name == ORGANISATION))
    db.session.rollback()  # What was read must not hold up the writing transaction.
    if known is not None:
        return False
    with write_intent():
        _load(now)
        db.session.commit()
    return True


def _load(now: datetime) -> None:
    random = Random(SEED)  # noqa: S311 - nothing depends on its being hard to guess
    begins = london_midnight(add_months(london_date(now).replace(day=1), -MONTHS))
    professional_ids = _add_professionals(random, begins, now)
    programme_ids = _add_programmes(begins)
    ends = london_midnight(london_date(now).replace(day=1))
    _add_introductions(random, professional_ids, programme_ids, begins, ends, now)


def _add_professionals(random: Random, begins: datetime, now: datetime) -> dict[str, list[int]]:
    """People nobody finds, and to whom nothing is mailed, by the council they work in."""
    areas = _chosen(random, _AREAS, PROFESSIONALS)
    user_ids = _insert(
        User,
        (
            {
                "email": email_of(f"figures-{number}"),
                "name": f"Somebody in the figures, number {number}",
                "password_hash": NO_PASSWORD,
                "created_at": begins,
                "password_changed_at": begins,
                "last_active_on": london_date(now),
            }
            for number in range(1, PROFESSIONALS + 1)
        ),
    )
    _insert_all(
        MutedNotification,
        (
            {"user_id": user_id, "kind": kind, "muted_at": begins}
            for user_id in user_ids
            for kind in NotificationKind
        ),
    )
    written = {"created_at": begins, "updated_at": begins}
    ids = _insert(
        Professional,
        (
            {"user_id": user_id, "profession": profession, "is_findable": False, **written}
            for user_id, profession in zip(
                user_ids, _chosen(random, _PROFESSIONS, PROFESSIONALS), strict=True
            )
        ),
    )
    _insert_all(
        ProfessionalArea,
        ({"professional_id": one, "area_code": code} for one, code in zip(ids, areas, strict=True)),
    )
    about = {conditions[0]: weight for conditions, _approaches, _delivery, weight in _PROGRAMMES}
    _insert_all(
        ProfessionalTerm,
        (
            {
                "professional_id": one,
                "field": TermField.CONDITION,
                "side": TermSide.OFFERS,
                "wording": code,
                "code": code,
            }
            for one in ids
            for code in sorted(set(_chosen(random, about, 3)))
        ),
    )
    found: dict[str, list[int]] = {code: [] for code in _AREAS}
    for one, code in zip(ids, areas, strict=True):
        found[code].append(one)
    return found


def _add_programmes(begins: datetime) -> list[int]:
    """Drafts, each as often in the list as it is asked for."""
    written = {"created_at": begins, "updated_at": begins}
    organisation_ids = _insert(
        Organisation,
        (
            {"name": name, "area_code": area_code, "last_checked_at": begins, **written}
            for name, area_code, _programmes in _ORGANISATIONS
        ),
    )
    copies = [each for each in _PROGRAMMES for _copy in range(each[3])]
    owners = [
        organisation_id
        for organisation_id, (_name, _area, programmes) in zip(
            organisation_ids, _ORGANISATIONS, strict=True
        )
        for _programme in range(programmes or len(copies))
    ]
    ids = _insert(
        Programme,
        (
            {
                "organisation_id": organisation_id,
                "name": f"Draft {number}",
                "delivery": delivery,
                "places_per_month": PLACES,
                **written,
            }
            for number, (
                (_conditions, _approaches, delivery, _weight),
                organisation_id,
            ) in enumerate(zip(copies, owners, strict=False), 1)
        ),
    )
    _insert_all(ProgrammeArea, ({"programme_id": one, "area_code": "S92000003"} for one in ids))
    _insert_all(
        ProgrammeTerm,
        (
            {"programme_id": one, "field": field, "wording": code, "code": code}
            for one, (conditions, approaches, _delivery, _weight) in zip(ids, copies, strict=True)
            for field, codes in (
                (TermField.CONDITION, conditions),
                (TermField.APPROACH, approaches),
            )
            for code in codes
        ),
    )
    return ids


def _add_introductions(
    random: Random,
    professional_ids: dict[str, list[int]],
    programme_ids: list[int],
    begins: datetime,
    ends: datetime,
    now: datetime,
) -> None:
    pairs = [
        (one, other) for ids in professional_ids.values() for one in ids for other in programme_ids
    ]
    chosen = random.sample(pairs, INTRODUCTIONS)
    lives = Lives(SEED, now)
    introductions, check_ins, shown = [], [], []
    for one, other in chosen:
        # Towards the end more is asked for than at the beginning.
        asked_at = begins + (ends - begins) * random.random() ** 0.8
        life = lives.draw(asked_at.replace(microsecond=0))
        if life.introduction["state"] is IntroductionState.PROPOSED:
            # Whatever is open would be reminded of, by mail.
            continue
        introductions.append({"professional_id": one, "programme_id": other, **life.introduction})
        check_ins.append(life.check_ins)
        shown += _list_shown(random, one, programme_ids, other, asked_at)
    ids = _insert(Introduction, introductions)
    _insert_all(
        CheckIn,
        (
            {"introduction_id": number, **each}
            for number, of_one in zip(ids, check_ins, strict=True)
            for each in of_one
        ),
    )
    _insert_all(ShownSuggestion, shown)


def _list_shown(
    random: Random,
    professional_id: int,
    programme_ids: list[int],
    asked_for: int,
    asked_at: datetime,
) -> list[dict[str, Any]]:
    """The page of suggestions on which somebody found what they asked for, and one before it.

    What suits somebody better stands higher, and is asked for more often.
    """
    pages = [[*random.sample(programme_ids, SHOWN_BESIDE), asked_for]]
    pages += [random.sample(programme_ids, SHOWN_BESIDE) for _page in range(PAGES_WITHOUT_ASKING)]
    shown = []
    for number, page in enumerate(pages):
        for programme_id in dict.fromkeys(page):
            is_asked_for = number == 0 and programme_id == asked_for
            rank = 1 + int(PAGE * random.random() ** (2.5 if is_asked_for else 1.1))
            # From a little above what is called possible to well into what is called strong.
            z = HIGHEST_Z - (rank - 1) * random.uniform(0.2, 0.5)
            shown.append(
                {
                    "shown_at": asked_at - timedelta(minutes=5 + 30 * number),
                    "shown_to": Side.PROFESSIONAL,
                    "professional_id": professional_id,
                    "programme_id": programme_id,
                    "rank": rank,
                    "score": 1 / (1 + exp(-z)) ** 2,
                    "z_professional": z,
                    "z_programme": z,
                    "model_version": engine.MODEL_VERSION,
                }
            )
    return shown


def _chosen(random: Random, weights: dict[str, int], size: int) -> list[str]:
    return random.choices(list(weights), list(weights.values()), k=size)


def _insert(model: type[Base], rows: Iterable[dict[str, Any]]) -> list[int]:
    """Add rows at once; their ids, in the same order."""
    statement = insert(model).returning(model.__table__.c.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, list(rows)))


def _insert_all(model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    db.session.execute(insert(model), list(rows))
