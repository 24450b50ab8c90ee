"""How soon a nation's figures are made and read, on both databases.

    python -m bench.national_year [--share 1.0] [--requests 200] [--database sqlite ...]

Fills a database with a made-up year: 12,000 professionals, 45,000 programmes, 200,000 introductions
and 1.7 million shown suggestions over the 13 months before this one. Builds the release of each
month, in a process of its own as the worker does, holds two waves of a survey, and then asks for
every page that a lead has, of two workers as in production. Browser, server and database share the
machine.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import numpy as np
from sqlalchemy import insert, text

from bench.national_survey import hold_waves
from bench.results import machine, record
from matchmaker import create_app, engine
from matchmaker.config import load_settings
from matchmaker.demo.lives import Lives
from matchmaker.extensions import Base, db, write_intent
from matchmaker.models import (
    CheckIn,
    Delivery,
    Introduction,
    LeadScope,
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
from matchmaker.services import candidates, matching_quality
from matchmaker.services.activity import parts as activity
from matchmaker.services.clock import add_months, london_date, london_midnight
from matchmaker.services.matching import build_here, current_folder
from matchmaker.services.passwords import hash_password
from matchmaker.services.statistics import figures, releases
from matchmaker.services.statistics.periods import PeriodKind
from matchmaker.services.statistics.scope import UNITED_KINGDOM, list_areas
from matchmaker.vocabulary import load_vocabulary
from tests.servers.databases import KINDS
from tests.servers.postgres import new_database, running_postgres
from tests.servers.web import running_web

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flask import Flask

N_PROFESSIONALS, N_ORGANISATIONS, N_PROGRAMMES = 12_000, 20_000, 45_000
N_INTRODUCTIONS, N_SHOWN = 200_000, 1_500_000
N_MONTHS = 13
HIGHEST_Z = 3.0
SEED = 2026
AT_ONCE = 5_000
WORKERS = N_BROWSERS = 2
EMAIL, PASSWORD = "lead@example.org", "correct horse battery staple"
# Where an address has the number of a row, that of one which is there; the last wave is closed.
NUMBERS = {
    "programme_id": 1,
    "professional_id": 1,
    "organisation_id": 1,
    "wave_id": 2,
    "question_id": 1,
    "theme_id": 1,
}
KEYS = {"part", "key", "chart_key", "area_code", "period_key", "quarter_key"}
# What lists are narrowed to.
NARROWED = {
    "/lead/programmes": ["words=programme+12", *(f"which={each}" for each in candidates.Which)],
    "/lead/professionals": [f"which={each}" for each in candidates.Which],
}
ENVIRON = {
    "MATCHMAKER_ENV": "production",
    "SECRET_KEY": "a-key-of-a-benchmark-that-signs-nothing",
    "PUBLIC_URL": "http://127.0.0.1",
    "SMTP_HOST": "127.0.0.1",
    "OPERATOR_NAME": "Benchmark",
    "OPERATOR_EMAIL": "benchmark@example.org",
}


def run(kinds: Iterable[str] = KINDS, share: float = 1.0, n_requests: int = 200) -> None:
    """Measure on each kind of database, print it and keep it."""
    for kind in kinds:
        before = machine()
        found = measure(kind, share, n_requests)
        print(json.dumps({kind: found}, indent=2))
        record("national year", {**found, "machine": before}, part=kind)


def measure(kind: str, share: float, n_requests: int) -> dict[str, Any]:
    """Return how long everything took on one kind of database."""
    with TemporaryDirectory() as name, _database(kind, Path(name)) as url:
        folder = Path(name)
        environ = {**ENVIRON, "DATABASE_URL": url, "MATCHMAKER_INSTANCE": name}
        settings = load_settings(environ)
        app = create_app(settings)
        started = time.perf_counter()
        rows = fill(app, share, datetime.now(UTC))
        filled = time.perf_counter() - started
        built = _build_elsewhere(environ)
        surveyed = hold_waves(app, UNITED_KINGDOM, datetime.now(UTC))
        with app.app_context():
            build_here(db.engine, current_folder())
            paths = list_pages(app)
            db.engine.dispose()
        with running_web(settings, folder, workers=WORKERS, environ=environ) as server:
            pages = ask(server.url, paths, n_requests)
    return {
        "rows": rows,
        "seconds to fill": round(filled, 1),
        "releases": built,
        "seconds of a survey": surveyed,
        "pages": pages,
        "load after": round(os.getloadavg()[0], 2),
    }


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'year.sqlite'}"
        return
    with running_postgres() as server, new_database(server) as address:
        yield address.render_as_string(hide_password=False)


def _build_elsewhere(environ: dict[str, str]) -> list[dict[str, Any]]:
    """Build every release in a process of its own; returns how long each took."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.national_year", "--only-build"],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def build_all() -> None:
    """Build what is due in the database of the environment, and print how long each took."""
    app = create_app(load_settings(os.environ))
    with app.app_context():
        months = releases.list_unpublished(now=datetime.now(UTC))
        db.session.rollback()
        for month in months:
            seconds: dict[str, float] = {}
            busy = time.process_time()
            begun_at = datetime.now(UTC)
            with write_intent():
                releases.begin(month, now=begun_at)
                db.session.commit()
            with _timed(seconds, "count_month", "protect_month", "count_supply"):
                prepared = releases.prepare(month, begun_at=begun_at)
            db.session.rollback()
            started = time.perf_counter()
            with write_intent():
                releases.publish(prepared, now=datetime.now(UTC))
                db.session.commit()
            seconds["store"] = time.perf_counter() - started
            shown = prepared.figures.values()
            print(
                json.dumps(
                    {
                        "month": month.key,
                        "figures": len(shown),
                        "hidden": sum(each.is_hidden and not each.is_withheld for each in shown),
                        "withheld": sum(each.is_withheld for each in shown),
                        "seconds": {name: round(took, 1) for name, took in seconds.items()},
                        "all": round(sum(seconds.values()), 1),
                        "of the processor": round(time.process_time() - busy, 1),
                        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                    }
                ),
                flush=True,
            )


@contextmanager
def _timed(seconds: dict[str, float], *names: str) -> Iterator[None]:
    """Note how long some functions of `releases` take."""
    originals = {name: getattr(releases, name) for name in names}

    def timed(name: str) -> Callable[..., Any]:
        def run(*args: Any, **values: Any) -> Any:
            started = time.perf_counter()
            found = originals[name](*args, **values)
            seconds[name.partition("_")[0] + (" supply" if "supply" in name else "")] = (
                time.perf_counter() - started
            )
            return found

        return run

    for name in names:
        setattr(releases, name, timed(name))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(releases, name, original)


def list_pages(app: Flask) -> dict[str, list[str]]:
    """Return addresses of every page that a lead has, by its rule.

    Those that need a row which nobody has made, such as a survey, are left out.
    """
    periods = {kind: figures.list_periods(kind) for kind in PeriodKind}
    every_period = [each.key for found in periods.values() for each in found]
    quarters = [each.key for each in periods[PeriodKind.QUARTER]]
    areas = [each.code for each in list_areas() if not each.is_rest]
    tables = [key for part in activity.CHARTS.values() for key in part]
    draw = np.random.default_rng(SEED)

    def one(of: list[str]) -> str:
        return of[int(draw.integers(len(of)))]

    pages: dict[str, list[str]] = {}
    with app.test_request_context(base_url=ENVIRON["PUBLIC_URL"]):
        for rule in app.url_map.iter_rules():
            if not rule.rule.startswith("/lead") or "GET" not in (rule.methods or ()):
                continue
            if not rule.arguments <= {*KEYS, *NUMBERS}:
                continue
            parts = re.findall(r"any\((.+?)\)", rule.rule)
            found = []
            for _number in range(40):
                values: dict[str, Any] = {
                    "area_code": one(areas),
                    "period_key": one(every_period),
                    "quarter_key": one(quarters),
                    "key": one(tables),
                    "chart_key": one(list(matching_quality.CHARTS)),
                    "part": one(parts[0].split(", ")) if parts else "",
                    **NUMBERS,
                }
                path = rule.build({name: values[name] for name in rule.arguments})
                asked = {"area": one(areas), "period": one(quarters)}
                found.append(f"{path[1] if path else rule.rule}?{urlencode(asked)}")
            pages[rule.rule] = found
            for narrowed in NARROWED.get(rule.rule, ()):
                pages[f"{rule.rule}?{narrowed}"] = [f"{rule.rule}?{narrowed}"]
    return pages


def ask(url: str, pages: dict[str, list[str]], n_requests: int) -> dict[str, Any]:
    """Return the times of answers, by the rule of the page, as a lead of everywhere."""
    browsers = [_Browser(url) for _number in range(N_BROWSERS)]
    answers = {}
    for rule, paths in pages.items():

        def visit(browser: _Browser, paths: list[str] = paths) -> list[tuple[float, int]]:
            wanted = islice((path for _round in range(n_requests) for path in paths), n_requests)
            return [browser.get(path) for path in list(wanted)[: n_requests // N_BROWSERS]]

        for browser in browsers:
            browser.get(paths[0])
        with ThreadPoolExecutor(N_BROWSERS) as threads:
            visits = [each for found in threads.map(visit, browsers) for each in found]
        statuses = {status for _seconds, status in visits}
        milliseconds = 1000 * np.array([seconds for seconds, _status in visits])
        answers[rule] = {
            "statuses": sorted(statuses),
            "p50": round(float(np.quantile(milliseconds, 0.5)), 1),
            "p99": round(float(np.quantile(milliseconds, 0.99)), 1),
        }
    return answers


class _Browser:
    """A lead who is signed in, over a connection of their own."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        self._cookies: dict[str, str] = {}
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self._open("GET", "/sign-in"))
        form = {"email": EMAIL, "password": PASSWORD, "csrf_token": token[1] if token else ""}
        self._open("POST", "/sign-in", urlencode(form))

    def get(self, path: str) -> tuple[float, int]:
        """Return the seconds and the status of a page."""
        started = time.perf_counter()
        try:
            self._open("GET", path)
        except (http.client.HTTPException, OSError):
            # The server closes connections that were idle; a browser asks again.
            self._connection.close()
            started = time.perf_counter()
            self._open("GET", path)
        return time.perf_counter() - started, self._status

    def _open(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        self._status = answer.status
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.read().decode("utf-8", "replace")


def fill(app: Flask, share: float, now: datetime) -> dict[str, int]:
    """Write everything down; returns how much there is of each."""
    with app.app_context(), write_intent():
        Base.metadata.create_all(db.engine)
        for model, rows in _tables(share, now):
            portion: list[dict[str, Any]] = []
            for row in rows:
                portion.append(row)
                if len(portion) == AT_ONCE:
                    db.session.execute(insert(model), portion)
                    portion = []
            if portion:
                db.session.execute(insert(model), portion)
        _add_lead(round(N_PROFESSIONALS * share) + 1, now)
        db.session.commit()
        # As the database's own housekeeping does in time.
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        tables = [
            each.__tablename__
            for each in (Professional, Programme, Introduction, CheckIn, ShownSuggestion)
        ]
        counts = {each: db.session.scalar(text(f"SELECT count(*) FROM {each}")) for each in tables}
        db.session.rollback()
        db.engine.dispose()
    return counts


def _add_lead(number: int, now: datetime) -> None:
    user = User(
        id=number,
        email=EMAIL,
        name="A lead of everywhere",
        password_hash=hash_password(PASSWORD),
        created_at=now,
        password_changed_at=now,
        lead_scopes=[LeadScope(area_code=UNITED_KINGDOM)],
    )
    db.session.add(user)


def _tables(share: float, now: datetime) -> Iterator[tuple[Any, Iterable[dict[str, Any]]]]:
    draw = np.random.default_rng(SEED)
    n_professionals, n_programmes = round(N_PROFESSIONALS * share), round(N_PROGRAMMES * share)
    n_organisations = round(N_ORGANISATIONS * share)
    vocabulary = load_vocabulary()
    # As people are spread: a few councils have many times what the smallest have.
    councils = [each.code for each in vocabulary.areas.by_kind("authority")]
    weight = 1 / np.arange(1, len(councils) + 1) ** 0.4
    weight /= weight.sum()
    order = draw.permutation(len(councils))

    def drawn_areas(size: int) -> list[str]:
        return [councils[order[each]] for each in draw.choice(len(councils), size, p=weight)]

    def zipf(codes: list[str], size: int) -> list[str]:
        chance = 1 / np.arange(1, len(codes) + 1)
        return [codes[each] for each in draw.choice(len(codes), size, p=chance / chance.sum())]

    begin = london_midnight(add_months(london_date(now).replace(day=1), -N_MONTHS))
    seconds = (london_midnight(london_date(now).replace(day=1)) - begin).total_seconds()
    conditions, approaches = list(vocabulary.conditions), list(vocabulary.approaches)
    professions = list(vocabulary.professions)
    written = {"created_at": begin, "updated_at": begin}
    yield (
        User,
        (
            {
                "id": number,
                "email": f"person{number}@example.org",
                "name": f"Person {number}",
                "password_hash": "none",
                "created_at": begin,
                "password_changed_at": begin,
            }
            for number in range(1, n_professionals + 1)
        ),
    )
    yield (
        Professional,
        (
            {
                "id": number,
                "user_id": number,
                "profession": profession,
                "is_findable": True,
                **written,
            }
            for number, profession in enumerate(zipf(professions, n_professionals), 1)
        ),
    )
    yield (
        ProfessionalArea,
        (
            {"professional_id": number, "area_code": code}
            for number, code in enumerate(drawn_areas(n_professionals), 1)
        ),
    )
    yield (
        ProfessionalTerm,
        (
            {
                "professional_id": 1 + number // 3,
                "field": TermField.CONDITION,
                "side": TermSide.OFFERS,
                "wording": code,
                "code": code,
            }
            for number, code in enumerate(zipf(conditions, n_professionals * 3))
        ),
    )
    yield (
        Organisation,
        (
            {
                "id": number,
                "name": f"Charity {number}",
                "claimed_at": None if number % 3 == 1 else begin,
                "area_code": code,
                **written,
            }
            for number, code in enumerate(drawn_areas(n_organisations), 1)
        ),
    )
    deliveries = draw.choice(len(Delivery), n_programmes, p=(0.55, 0.1, 0.35))
    yield (
        Programme,
        (
            {
                "id": number,
                "organisation_id": (number - 1) % n_organisations + 1,
                "name": f"Programme {number}",
                "delivery": list(Delivery)[delivery],
                "published_at": begin,
                "last_checked_at": begin,
                "places_per_month": (None, None, 2, 4, 8)[number % 5],
                **written,
            }
            for number, delivery in enumerate(deliveries.tolist(), 1)
        ),
    )
    yield (
        ProgrammeArea,
        (
            {"programme_id": number, "area_code": code}
            for number, code in enumerate(drawn_areas(n_programmes), 1)
        ),
    )
    for field, codes in ((TermField.CONDITION, conditions), (TermField.APPROACH, approaches)):
        yield (
            ProgrammeTerm,
            (
                {"programme_id": 1 + number // 2, "field": field, "wording": code, "code": code}
                for number, code in enumerate(zipf(codes, n_programmes * 2))
            ),
        )
    n_introductions = round(N_INTRODUCTIONS * share)
    lives = Lives(SEED, now)
    pairs = np.unique(
        draw.integers(0, n_professionals * n_programmes, round(n_introductions * 1.05))
    )
    pairs = draw.permutation(pairs)[:n_introductions]
    # The year began small: more is asked for each month.
    moments = np.sqrt(draw.random(n_introductions) * 0.75 + 0.25) * 2 - 1
    drawn = []
    check_ins = []
    for number, (pair, moment) in enumerate(zip(pairs.tolist(), moments.tolist(), strict=True), 1):
        life = lives.draw(begin + timedelta(seconds=int(seconds * moment)))
        drawn.append(
            {
                "id": number,
                "professional_id": pair % n_professionals + 1,
                "programme_id": pair // n_professionals + 1,
                **life.introduction,
            }
        )
        check_ins += [{"introduction_id": number, **each} for each in life.check_ins]
    yield Introduction, drawn
    yield CheckIn, check_ins
    yield ShownSuggestion, _shown(draw, share, begin, seconds, n_professionals, n_programmes)
    yield ShownSuggestion, _shown_before(draw, begin, drawn)


def _shown(
    draw: np.random.Generator,
    share: float,
    begin: datetime,
    seconds: float,
    n_professionals: int,
    n_programmes: int,
) -> Iterator[dict[str, Any]]:
    """Ten cards a page, each page of one professional, of which nobody asks for any."""
    n_pages = round(N_SHOWN * share / 10)
    who = draw.integers(1, n_professionals + 1, n_pages).tolist()
    moments = np.sort(draw.random(n_pages)).tolist()
    first = draw.integers(1, n_programmes - 10, n_pages).tolist()
    for page in range(n_pages):
        at = begin + timedelta(seconds=int(seconds * moments[page]))
        for rank in range(1, 11):
            pair = (who[page], first[page] + rank - 1)
            yield _card(pair, at, rank, HIGHEST_Z - rank * float(draw.random()))


def _shown_before(
    draw: np.random.Generator, begin: datetime, introductions: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The card that each introduction was asked for on, most of them far up."""
    ranks = draw.geometric(0.3, len(introductions)).tolist()
    for introduction, rank in zip(introductions, ranks, strict=True):
        pair = (introduction["professional_id"], introduction["programme_id"])
        at = max(begin, introduction["proposed_at"] - timedelta(minutes=5))
        yield _card(pair, at, rank, HIGHEST_Z - rank * float(draw.random()) / 2)


def _card(pair: tuple[int, int], at: datetime, rank: int, z: float) -> dict[str, Any]:
    return {
        "shown_at": at,
        "shown_to": Side.PROFESSIONAL,
        "professional_id": pair[0],
        "programme_id": pair[1],
        "rank": rank,
        "score": 1 / (1 + float(np.exp(-z))) ** 2,
        "z_professional": z,
        "z_programme": z,
        "model_version": engine.MODEL_VERSION,
        "inputs": {},
    }


def main() -> None:
    """Measure what the arguments ask for, print it and keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--database", choices=KINDS, nargs="*", default=KINDS)
    parser.add_argument("--only-build", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only_build:
        build_all()
        return
    run(given.database, given.share, given.requests)


if __name__ == "__main__":
    main()
