"""How soon Find support answers among many programmes, on both databases.

    python -m bench.directory [--size 50000] [--rate 20] [--seconds 60] [--database sqlite ...]

Fills a database with made-up programmes, serves it as in production with two workers, and asks for
so many pages a second, each another search. A request is due at its moment whether or not those
before it were answered, and its time counts from there, so that waiting in a queue shows. Browser,
server and database share the machine.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import numpy as np
from sqlalchemy import insert, text

from bench.corpus import SEED, Corpus
from bench.results import machine, record
from matchmaker import create_app
from matchmaker.config import load_settings
from matchmaker.extensions import Base, db, write_intent
from matchmaker.models import (
    Organisation,
    Outcode,
    Programme,
    ProgrammeArea,
    ProgrammeLocation,
    ProgrammeMonth,
    ProgrammeTerm,
    TermField,
)
from matchmaker.services.clock import london_month
from matchmaker.services.matching import build_here, current_folder
from matchmaker.vocabulary import load_vocabulary
from tests.servers.databases import KINDS
from tests.servers.postgres import new_database, running_postgres
from tests.servers.web import ROOT, running_web

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matchmaker.config import Settings
    from matchmaker.engine import Programme as Profile

WORKERS = 2
N_WARM_UP = 40
N_BROWSERS = 16
PROGRAMMES_OF_AN_ORGANISATION = 2
AT_ONCE = 5_000
# What production asks for besides a database; nothing is sent.
ENVIRON = {
    "MATCHMAKER_ENV": "production",
    "SECRET_KEY": "a-key-of-a-benchmark-that-signs-nothing",
    "PUBLIC_URL": "http://127.0.0.1",
    "SMTP_HOST": "127.0.0.1",
    "OPERATOR_NAME": "Benchmark",
    "OPERATOR_EMAIL": "benchmark@example.org",
}


def measure(kind: str, size: int, rate: float, seconds: float) -> dict[str, Any]:
    """Return the times of answers on one kind of database."""
    with TemporaryDirectory() as name, _database(kind, Path(name)) as url:
        folder = Path(name)
        environ = {**ENVIRON, "DATABASE_URL": url, "MATCHMAKER_INSTANCE": str(folder)}
        settings = load_settings(environ)
        filled = fill(settings, size)
        with running_web(settings, folder, workers=WORKERS, environ=environ) as server:
            for path in queries(N_WARM_UP, seed=SEED + 1):
                _get(server.url, path)
            times, statuses = ask(server.url, queries(round(rate * seconds)), rate)
    milliseconds = 1000 * np.array(times)
    return {
        "programmes": size,
        "seconds to fill and fit": round(filled, 1),
        "requests": len(times),
        "requests a second": rate,
        "errors": sum(status != http.client.OK for status in statuses),
        # On a machine with other work the figures say little unless these processes go first.
        "goes first": os.sched_getscheduler(0) != os.SCHED_OTHER,
        **{
            name: round(float(np.quantile(milliseconds, share)), 1)
            for name, share in {"p50": 0.5, "p95": 0.95, "p99": 0.99, "most": 1.0}.items()
        },
    }


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'directory.sqlite'}"
        return
    with running_postgres() as server, new_database(server) as address:
        yield address.render_as_string(hide_password=False)


def fill(settings: Settings, size: int) -> float:
    """Write everything down and fit the index; returns the seconds it took."""
    started = time.perf_counter()
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        with write_intent():
            for model, rows in _tables(size):
                for at in range(0, len(rows), AT_ONCE):
                    db.session.execute(insert(model), rows[at : at + AT_ONCE])
            db.session.commit()
            # As the database's own housekeeping does in time.
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        build_here(db.engine, current_folder())
        db.engine.dispose()
    return time.perf_counter() - started


def _tables(size: int) -> Iterator[tuple[type[Base], list[dict[str, Any]]]]:
    """Yield the tables with their rows."""
    profiles = Corpus().programmes(size)
    draw = np.random.default_rng(SEED)
    now = datetime.now(UTC)
    yield Outcode, _districts()
    n_organisations = -(-size // PROGRAMMES_OF_AN_ORGANISATION)
    written = {"created_at": now, "updated_at": now}
    yield (
        Organisation,
        [
            {
                "id": number + 1,
                "name": profiles[number].organisation,
                "claimed_at": now if is_claimed else None,
                **written,
            }
            for number, is_claimed in enumerate(draw.random(n_organisations) < 0.5)
        ],
    )
    days = draw.integers(0, 500, size).tolist()
    free = draw.choice([True, False, None], size).tolist()
    yield (
        Programme,
        [
            {
                "id": number,
                "organisation_id": (number - 1) // PROGRAMMES_OF_AN_ORGANISATION + 1,
                "name": profile.name,
                "description": profile.text,
                "min_age": profile.people.min_age,
                "max_age": profile.people.max_age,
                "delivery": profile.delivery,
                "is_free": free[number - 1],
                "places_per_month": profile.capacity,
                "status": profile.status,
                "published_at": now,
                "last_checked_at": now - timedelta(days=days[number - 1]),
                **written,
            }
            for number, profile in enumerate(profiles, 1)
        ],
    )
    yield ProgrammeArea, _parts(profiles, lambda each: {"area_code": each}, "areas")
    for field in TermField:
        yield (
            ProgrammeTerm,
            _parts(
                profiles,
                lambda each, field=field: {"field": field, "wording": each, "code": each},
                f"{field}s" if field is TermField.CONDITION else "approaches",
            ),
        )
    yield ProgrammeLocation, _locations(profiles, draw)
    month = london_month(now)
    yield (
        ProgrammeMonth,
        [
            {
                "programme_id": number,
                "month": month,
                "places": profile.capacity,
                "taken": profile.capacity if is_full else 0,
            }
            for number, (profile, is_full) in enumerate(
                zip(profiles, (draw.random(size) < 0.2).tolist(), strict=True), 1
            )
            if profile.capacity
        ],
    )


def _parts(profiles: Sequence[Profile], row: Any, attribute: str) -> list[dict[str, Any]]:
    return [
        {"programme_id": number, **row(each)}
        for number, profile in enumerate(profiles, 1)
        for each in getattr(profile, attribute)
    ]


def _locations(profiles: Sequence[Profile], draw: np.random.Generator) -> list[dict[str, Any]]:
    """Two of three programmes say where people come to, near the middle of an area they serve."""
    areas = load_vocabulary().areas
    rows = []
    for number, profile in enumerate(profiles, 1):
        area = areas[profile.areas[0]]
        if draw.random() < 2 / 3 and area.latitude is not None and area.longitude is not None:
            north, east = draw.normal(0, 0.1, 2).tolist()
            rows.append(
                {
                    "programme_id": number,
                    "town": profile.organisation.title(),
                    "latitude": area.latitude + north,
                    "longitude": area.longitude + east,
                }
            )
    return rows


def _districts() -> list[dict[str, Any]]:
    path = ROOT / "matchmaker" / "demo" / "data" / "districts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {**row, "latitude": float(row["latitude"]), "longitude": float(row["longitude"])}
            for row in csv.DictReader(file)
        ]


def queries(size: int, *, seed: int = SEED) -> list[str]:
    """Return the addresses of searches, as different as those of people."""
    draw = np.random.default_rng(seed)
    vocabulary = load_vocabulary()
    words = Corpus().words[:2_000]
    conditions = [term.label for term in vocabulary.conditions.terms.values()]
    approaches = list(vocabulary.approaches)
    districts = [row["outcode"] for row in _districts()]
    councils = [area.name for area in vocabulary.areas.by_kind("authority")]

    def one(of: Sequence[str]) -> str:
        return of[int(len(of) * draw.random() ** 2)]

    def asked() -> dict[str, Any]:
        kinds: list[dict[str, Any]] = [
            {"q": f"{one(conditions)} near {one(districts)}"},
            {"q": one(conditions), "where": one(districts)},
            {"q": f"{one(conditions)} {one(words)}", "where": one(councils)},
            {"q": one(words)},
            {"q": f"{one(words)} {one(words)} {one(words)}", "free": "yes", "sort": "checked"},
            {"conditions": [one(conditions), one(conditions)], "where": one(districts)},
            {"conditions": one(conditions), "approaches": one(approaches), "age": "70"},
            {"conditions": one(conditions), "where": one(districts), "within": "any"},
            {"where": one(districts), "within": "25", "sort": "distance"},
            {"where": one(councils), "delivery": "in_person", "places": "yes"},
            {"q": one(conditions), "where": one(districts), "within": "10", "sort": "distance"},
            {"page": str(draw.integers(1, 50))},
        ]
        return kinds[int(draw.integers(len(kinds)))]

    return [f"/find?{urlencode(asked(), doseq=True)}" for _ in range(size)]


def ask(url: str, paths: Sequence[str], rate: float) -> tuple[list[float], list[int]]:
    """Return the seconds and the status of each answer, asked for at a steady rate."""
    start = time.monotonic() + 0.5

    def at_its_moment(number: int) -> tuple[float, int]:
        due = start + number / rate
        time.sleep(max(0.0, due - time.monotonic()))
        status = _get(url, paths[number])
        return time.monotonic() - due, status

    with ThreadPoolExecutor(N_BROWSERS) as browsers:
        answers = list(browsers.map(at_its_moment, range(len(paths))))
    return [seconds for seconds, _ in answers], [status for _, status in answers]


_browser = threading.local()


def _get(url: str, path: str) -> int:
    """Return the status of a page, over a connection that each thread keeps."""
    if getattr(_browser, "url", None) != url:
        _browser.url = url
        _browser.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        _browser.connection.request("GET", path)
        answer = _browser.connection.getresponse()
        answer.read()
    except (http.client.HTTPException, OSError):
        # The server closes connections that were idle; a browser asks again.
        _browser.connection.close()
        _browser.connection.request("GET", path)
        answer = _browser.connection.getresponse()
        answer.read()
    return answer.status


def main() -> None:
    """Measure what the arguments ask for, print it and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=50_000)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", choices=KINDS, nargs="*", default=KINDS)
    given = parser.parse_args()
    for kind in given.database:
        figures = measure(kind, given.size, given.rate, given.seconds)
        print(json.dumps({kind: figures}, indent=2))
        record("directory", {**figures, "machine": machine()}, part=kind)


if __name__ == "__main__":
    main()
