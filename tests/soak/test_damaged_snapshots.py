"""A snapshot with a single flipped byte is never served, and made anew by itself."""

from __future__ import annotations

import random

import pytest

from matchmaker.extensions import db
from matchmaker.services import matching
from matchmaker.services.matching import snapshots
from tests.factories import make_organisation, make_professional, make_programme
from tests.services.stored_indexes import flip
from tests.web.markup import Markup

pytestmark = [pytest.mark.soak, pytest.mark.one_database]

QUESTIONS = (
    "/try?where=Fife&conditions=stroke",
    "/try?where=Edinburgh&conditions=copd&profession=physiotherapist&text=walking",
)


@pytest.fixture
def folder(app, writing):
    with writing():
        make_professional(seeks_text="a walking group")
        organisation = make_organisation()
        for number in range(30):
            make_programme(
                name=f"Group {number}",
                organisation=organisation,
                conditions=["stroke"] if number % 3 else ["stroke", "copd"],
                description="A weekly walk and a talk." if number % 2 else "Singing together.",
            )
    with app.app_context():
        folder = matching.current_folder()
        # One before the current, as there is everywhere but on the first day.
        for _ in range(2):
            matching.build_here(db.engine, folder)
        return folder


@pytest.fixture
def told(monkeypatch):
    """What is logged about snapshots, as text.

    pytest keeps what is logged to the end, errors with all that hangs on them: hundreds of
    snapshots would stay mapped.
    """
    lines = []
    monkeypatch.setattr(
        snapshots.logger, "warning", lambda message, error: lines.append(message % error)
    )
    return lines


def shown(client):
    """What the pages show between their header and footer."""
    pages = [client.get(question) for question in QUESTIONS]
    assert [page.status_code for page in pages] == [200] * len(QUESTIONS)
    return [Markup(page.text).all("main")[0].text for page in pages]


def restart(app):
    """Forget the index of this process, as one that starts has none."""
    keeper = app.extensions.pop("matching", None)
    if keeper is not None:
        keeper.wait_until_quiet()


def test_any_flipped_byte_is_found_and_the_pages_are_as_before(
    app, client, folder, trial_size, told
):
    right = shown(client)
    assert "Group" in right[0]
    draw = random.Random(2026)
    for _ in range(trial_size(20, 200)):
        restart(app)
        before = folder.names()
        paths = sorted((folder.path / folder.current_name()).iterdir())
        (path,) = draw.choices(paths, [each.stat().st_size for each in paths])
        flip(path, draw.randrange(path.stat().st_size), draw.randint(1, 255))
        told.clear()
        assert shown(client) == right
        assert f"{before[0]}: {path.name} is not what was written" in told[0]
        keeper = app.extensions["matching"]
        keeper.wait_until_quiet()
        with app.app_context():
            served = keeper.view().served.name
        assert served == folder.current_name() not in before
        assert shown(client) == right
        folder.open(served)
