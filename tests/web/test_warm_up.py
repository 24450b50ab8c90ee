"""Pages are prepared before the server forks its workers."""

from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.services import matching
from matchmaker.web import directory, warm_up
from tests.factories import make_programme
from tests.queries import statements_sent

pytestmark = pytest.mark.one_database


def test_first_visitor_finds_templates_compiled_and_no_connection_open(app, writing, caplog):
    with writing():
        make_programme(name="Choir", description="Singing after a stroke, also online")
    app.jinja_env.cache.clear()
    warm_up.warm_up(app)
    assert {"directory/find.html", "directory/_card.html"} <= {
        name for _loader, name in app.jinja_env.cache
    }
    with app.app_context():
        assert db.engine.pool.checkedin() == db.engine.pool.checkedout() == 0
    assert caplog.records == []


def test_pages_to_prepare_are_found(client, writing):
    with writing():
        make_programme()
    assert {client.get(page).status_code for page in warm_up.PAGES} == {200}


def test_page_that_fails_does_not_keep_the_server_from_starting(app, monkeypatch, caplog):
    def fail(*_args, **_kwargs):
        raise RuntimeError("No such table.")

    monkeypatch.setattr(directory, "Search", fail)
    warm_up.warm_up(app)
    (record,) = caplog.records
    assert record.getMessage() == "The first pages could not be prepared."


def test_nothing_is_written_while_pages_are_prepared(app, writing):
    with writing():
        make_programme()
    with statements_sent(app) as sent:
        warm_up.warm_up(app)
    assert {each.split()[0] for each in sent} == {"BEGIN", "SELECT"}


def test_no_check_is_under_way_when_the_workers_are_forked(app, monkeypatch):
    waited_for = []

    def wait(keeper):
        waited_for.append(keeper)

    monkeypatch.setattr(matching.Keeper, "wait_for_check", wait)
    warm_up.warm_up(app)
    assert waited_for == [app.extensions["matching"]]
