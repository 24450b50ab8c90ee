"""`matchmaker statistics`: build the figures that are due, and see how they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from matchmaker.cli import statistics as command
from matchmaker.services.disclosure import NotPublishable
from matchmaker.services.statistics import releases
from tests.factories import make_introduction, make_professional, make_programme

NOW = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def run(app, writing, monkeypatch):
    """Run `matchmaker statistics` in October, after twelve introductions of September."""
    monkeypatch.setattr(command, "datetime", SimpleNamespace(now=lambda _zone: NOW))
    with writing():
        professional = make_professional()
        for _number in range(12):
            make_introduction(
                professional=professional,
                programme=make_programme(),
                proposed_at=datetime(2026, 9, 10, tzinfo=UTC),
            )
    return lambda *arguments: app.test_cli_runner().invoke(command.group, arguments)


def test_what_is_due_is_built_once(run):
    result = run("build")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("2026-09: published, ")
    again = run("build")
    assert again.stdout == "Everything that is due is published already.\n"
    assert "2026-09  published on 20 October 2026\n" in run("status").stdout


def test_quiet_build_says_nothing(run):
    assert run("build", "--quiet").output == ""
    assert run("build", "--quiet").output == ""


def test_status_says_what_is_due_and_what_comes_next(run):
    assert run("status").stdout.splitlines() == [
        "2026-09  due, and not built yet",
        "2026-10  due on 15 November 2026",
    ]


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2026-10", "The figures for October 2026 can be made from 15 November 2026 on."),
        ("2026-q3", "Write a month like 2026-10."),
        ("next", "Write a month like 2026-10."),
    ],
)
def test_a_month_that_cannot_be_built_is_refused(run, month, said):
    result = run("build", "--month", month)
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_must_not_be_published_is_said_and_kept(run, monkeypatch):
    def refuse(*_given):
        raise NotPublishable(["Something would be given away."])

    monkeypatch.setattr(releases, "protect_month", refuse)
    result = run("build", "--month", "2026-09")
    assert result.exit_code == 1
    assert "2026-09 was not published: Something would be given away." in result.stderr
    assert "2026-09  not published: Something would be given away.\n" in run("status").stdout


def test_a_month_that_somebody_else_builds_is_left_to_them(run, writing):
    with writing():
        releases.begin(releases.find_period("2026-09"), now=NOW)
    result = run("build")
    assert result.exit_code == 1
    assert "2026-09 is being built by somebody else right now." in result.stderr
    assert "being built since 2026-10-20 08:00 UTC" in run("status").stdout


def test_whoever_took_too_long_is_told(run, monkeypatch):
    monkeypatch.setattr(releases, "publish", lambda *_given, **_named: False)
    result = run("build")
    assert result.exit_code == 1
    assert "2026-09 took too long" in result.stderr
