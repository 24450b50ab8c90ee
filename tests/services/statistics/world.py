"""A varied world made by direct inserts: some hundred introductions, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import insert

from matchmaker.demo.lives import Lives
from matchmaker.extensions import db
from matchmaker.models import (
    CheckIn,
    Delivery,
    Introduction,
    ShownSuggestion,
    Side,
)
from tests.factories import make_organisation, make_professional, make_programme

# Fife; Edinburgh and East Lothian, which are one board; Glasgow; Cardiff; Scotland; a region.
AREAS = (
    *(("S12000047",), ("S12000036",), ("S12000010",), ("S12000049",), ("W06000015",)),
    *(("S12000036", "S12000047"), ("S92000003",), ("E12000007",), ()),
)
PROFESSIONS = ("physiotherapist", "dietitian", "podiatrist", None)
CONDITIONS = ("stroke", "copd", "lung-cancer", "falls", "dementia", "young-carers")
# Where each organisation is, and how many programmes it has: Highland, Fife, Scotland, nowhere.
ORGANISATIONS = (("S12000017", 1), ("S12000047", 4), ("S92000003", 15), (None, 20))
APPROACHES = ("peer-support", "befriending", "helpline", "arts")


def make_world(begins: datetime, ends: datetime, *, seed: int, introductions: int) -> None:
    """Make the rows of introductions that were asked for between two moments."""
    random = Random(seed)
    professionals = [
        make_professional(
            profession=random.choice(PROFESSIONS),
            areas=random.choice(AREAS),
            conditions=random.sample(CONDITIONS, random.randint(0, 3)),
            created_at=begins + (ends - begins) * random.uniform(-1, 1.3),
        )
        for _number in range(24)
    ]
    organisations = [
        (make_organisation(area_code=area_code), programmes)
        for area_code, programmes in ORGANISATIONS
    ]
    programmes = [
        make_programme(
            organisation=organisation,
            conditions=random.sample(CONDITIONS, random.randint(0, 3)),
            approaches=random.sample(APPROACHES, random.randint(0, 2)),
            delivery=random.choice(list(Delivery)),
            places_per_month=random.choice((None, 0, 1, 2, 5)),
            published_at=random.choice((None, begins)),
        )
        for organisation, number in organisations
        for _programme in range(number)
    ]
    pairs = [(one.id, other.id) for one in professionals for other in programmes]
    lives = Lives(seed, ends + timedelta(days=15))
    rows, check_ins = [], []
    for number, pair in enumerate(random.sample(pairs, introductions), 1):
        asked_at = begins + (ends - begins) * random.uniform(-1, 1)
        life = lives.draw(asked_at)
        rows.append({"id": number, "professional_id": pair[0], "programme_id": pair[1]})
        rows[-1] |= life.introduction
        check_ins += [{"introduction_id": number, **each} for each in life.check_ins]
    shown = [
        {
            "shown_at": begins + (ends - begins) * random.uniform(-0.2, 1.2),
            "shown_to": random.choice(list(Side)),
            "professional_id": one,
            "programme_id": other,
            "rank": random.choice((1, 2, 3, 4, 10, 11, 30)),
            "score": 0.5,
            "z_professional": random.uniform(-4, 4),
            "z_programme": random.uniform(-4, 4),
            "model_version": random.choice(("2", "2", "1", "test")),
        }
        for one, other in random.choices(pairs[:400], k=600)
    ]
    for model, table in ((Introduction, rows), (CheckIn, check_ins), (ShownSuggestion, shown)):
        db.session.execute(insert(model), table)
    db.session.flush()


def moment(text: str) -> datetime:
    """A moment in UTC, from what ISO 8601 says."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
