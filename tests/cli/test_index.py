"""`matchmaker index`: build, look at and check the snapshots that suggestions are served from."""

from __future__ import annotations

import re

import pytest

from matchmaker.cli.index import group
from matchmaker.services import matching
from matchmaker.services.matching.snapshots import CURRENT
from tests.factories import make_professional, make_programme
from tests.services.stored_indexes import SPOILT, damage

pytestmark = pytest.mark.one_database


@pytest.fixture
def run(app):
    """Run `matchmaker index` with these arguments."""
    return lambda *arguments: app.test_cli_runner().invoke(group, arguments)


@pytest.fixture
def folder(app, writing):
    """The folder of snapshots of a database with two programmes and a professional."""
    with writing():
        make_professional()
        make_programme()
        make_programme()
    with app.app_context():
        return matching.current_folder()


def test_build_makes_a_snapshot_and_tells_what_is_in_it(run, folder):
    result = run("build")
    assert (result.exit_code, result.stderr) == (0, "")
    name, *details = result.stdout.splitlines()
    assert name == folder.current_name()
    assert re.fullmatch(r"  fitted \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", details[0])
    assert details[1:3] == ["  2 programmes", "  1 professional"]
    assert re.fullmatch(r"  \d+\.\d MB", details[3])
    assert len(details) == 4


def test_quiet_build_says_nothing(run, folder):
    result = run("build", "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    assert folder.current_name() is not None


def test_status_lists_the_newest_first_and_says_which_is_served(run, folder):
    for _ in range(2):
        run("build")
    result = run("status")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == folder.names()
    assert lines.index("  served") == lines.index(folder.names()[1]) - 1
    assert lines.count("  served") == 1


def test_status_names_what_is_wrong_in_place_of_what_is_in_it(run, folder):
    run("build")
    damage(folder.path / folder.current_name())
    result = run("status")
    assert result.exit_code == 0
    expected = f"{folder.current_name()}: arrays.bin is not what was written\n"
    assert result.stdout == expected


def test_verify_finds_sound_snapshots_sound(run, folder):
    for _ in range(2):
        run("build")
    result = run("verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"{name}: sound" for name in folder.names()]


@pytest.mark.parametrize("how", SPOILT)
def test_verify_names_a_snapshot_that_cannot_be_served_and_why(run, folder, how):
    spoil, why = SPOILT[how]
    for _ in range(2):
        run("build")
    current, older = folder.names()
    spoil(folder.path / current)
    result = run("verify")
    assert result.exit_code == 1
    assert result.stdout == f"{older}: sound\n"
    assert current in result.stderr
    assert why in result.stderr
    assert result.stderr.endswith("Error: Run: matchmaker index build\n")


def test_verify_is_content_again_after_as_many_builds_as_are_kept(run, folder):
    run("build")
    damage(folder.path / folder.current_name())
    run("build")
    assert run("verify").exit_code == 1
    run("build")
    assert run("verify").exit_code == 0


@pytest.mark.parametrize("command", ["status", "verify"])
def test_folder_without_a_snapshot_is_said_to_have_none(run, folder, command):
    result = run(command)
    assert result.stdout == "There is no snapshot yet.\n"
    assert result.exit_code == (1 if command == "verify" else 0)


def test_verify_fails_where_the_snapshot_to_serve_is_gone(run, folder):
    run("build")
    (folder.path / folder.current_name()).rename(folder.path / "aside")
    result = run("verify")
    assert result.exit_code == 1
    assert "Run: matchmaker index build" in result.stderr
    (folder.path / "aside").rename(folder.path / "1")
    assert run("verify").exit_code == 1
    (folder.path / CURRENT).unlink()
    assert run("verify").exit_code == 1
