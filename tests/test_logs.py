from __future__ import annotations

import io
import json
import logging
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine

from matchmaker import logs
from matchmaker.config import Environment, Settings
from matchmaker.extensions import engine_options
from matchmaker.logs import without_personal_data

TOKEN = "WzEsMTc5Mzk4NDY1MzAwMDAwMF0.gEcQnD5cRZ5fS2r1Y0n7aZ3bW8k"


@pytest.fixture
def root():
    """The root logger, put back afterwards as it was."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    yield logger
    logger.handlers[:], logger.level = handlers, level


@pytest.fixture
def logged(root):
    """Configure as in an environment, log through `write`, and return the lines."""

    def lines(environment, write):
        logs.configure(Settings(environment=environment, secret_key="x", database_url="sqlite://"))
        (handler,) = root.handlers
        stream = io.StringIO()
        handler.setStream(stream)
        write(logging.getLogger("matchmaker.test"))
        return stream.getvalue().splitlines()

    return lines


def fail(logger):
    try:
        raise ValueError("Key (email)=(mairi@example.org) already exists")
    except ValueError:
        logger.exception("broken")


def test_production_logs_one_json_object_a_line_in_utc(logged):
    before = datetime.now(UTC)
    (line,) = logged(
        Environment.PRODUCTION, lambda logger: logger.info("mail sent", extra={"mail_id": 7})
    )
    entry = json.loads(line)
    moment = datetime.fromisoformat(entry.pop("time"))
    assert moment.utcoffset().total_seconds() == 0
    assert before <= moment <= datetime.now(UTC)
    assert entry == {
        "level": "INFO",
        "logger": "matchmaker.test",
        "message": "mail sent",
        "mail_id": 7,
    }


def test_error_with_its_traceback_is_one_line_without_addresses(logged):
    (line,) = logged(Environment.PRODUCTION, fail)
    assert "ValueError" in json.loads(line)["exc_info"]
    assert "mairi" not in line


def test_development_logs_for_people_and_without_addresses_too(logged):
    lines = logged(Environment.DEVELOPMENT, fail)
    assert lines[0] == "ERROR matchmaker.test: broken"
    assert lines[-1] == "ValueError: Key (email)=([e-mail]) already exists"


def test_logs_of_tests_are_left_to_pytest(root):
    before = root.handlers[:]
    logs.configure(
        Settings(environment=Environment.TESTING, secret_key="x", database_url="sqlite://")
    )
    assert root.handlers == before


@pytest.mark.parametrize(
    ("line", "blanked"),
    [
        ("to mairi.campbell+x@nhs.scot.", "to [e-mail]"),
        ('{"a": "màiri@bòrd.scot", "b": 1}', '{"a": "[e-mail]", "b": 1}'),
        ("postgresql://user:password@host/name", "postgresql://user:[e-mail]/name"),
        ("GET /try?where=KY12&conditions=copd HTTP/1.1", "GET /try?[query] HTTP/1.1"),
        (f"GET /join/{TOKEN} 200", "GET /join/[token] 200"),
        ("Is it open? Yes: 3 of 4, 12:30, matchmaker.jobs.outbox", None),
        ("File /a/matchmaker/services/introductions.py, line 3", None),
    ],
)
def test_what_names_a_person_is_blanked(line, blanked):
    assert without_personal_data(line) == (line if blanked is None else blanked)


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://host/name"])
def test_errors_of_the_database_do_not_repeat_what_was_typed(url):
    engine = create_engine(url, **engine_options(url))
    assert engine.hide_parameters


@pytest.mark.parametrize("unit", ["a", "?a", "/a.", "a@", ";a", "/?"])
def test_long_line_is_blanked_in_no_time(unit):
    """Of 100,000 characters a search from each of them to the end would take half a minute."""
    line = unit * (100_000 // len(unit))
    began = time.perf_counter()
    without_personal_data(line)
    assert time.perf_counter() - began < 2


def test_addresses_side_by_side_are_all_blanked():
    line = without_personal_data("ann@example.org;ewan@example.org,<jo@example.org> /x?q=1&r=2")
    assert line == "[e-mail];[e-mail],<[e-mail]> /x?[query]"
