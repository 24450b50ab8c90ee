from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.models import EvidenceReport
from matchmaker.services.disclosure import NotPublishable
from matchmaker.services.evidence import reports
from tests.factories import make_introduction, make_organisation, make_programme, make_user
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

# What is counted is tested on both databases in `tests/services/evidence`.
pytestmark = pytest.mark.one_database


@pytest.fixture
def address(client, writing):
    """The page of an organisation that somebody asked 200 days ago; its owner is signed in."""
    moment = datetime.now(UTC) - timedelta(days=200)
    with writing():
        user = make_user()
        organisation = make_organisation(name="Breathe Easy", members=[user])
        programme = make_programme(organisation=organisation, name="Singing")
        times = dict.fromkeys(("proposed_at", "answer_due_at", "state_changed_at"), moment)
        make_introduction(programme=programme, **times)
        found = f"/organisations/{organisation.id}/evidence"
    sign_in(client, user, writing)
    return found


def offered(client, address):
    """The key of the year that the button is for."""
    (hidden,) = Markup(client.get(address).text).all("input", name="period")
    return hidden.attributes["value"]


def main_of(page):
    return Markup(page.text).one("main").text


def make(client, address, key):
    answers = {"csrf_token": csrf_token(client.get(address).text), "period": key}
    return client.post(address, data=answers, follow_redirects=True)


def test_members_make_figures_once_and_take_them_away(client, address):
    assert f'href="{address}"' in client.get(address.replace("evidence", "manage")).text
    page = client.get(address)
    assert "Nobody has made the figures of these twelve months yet." in page.text
    key = offered(client, address)
    too_early = client.get(f"{address}.csv", query_string={"period": key})
    assert too_early.location == f"{address}?period={key}"
    made = make(client, address, key)
    assert "* stands for 1 to 7" in made.text
    assert "*</td>" in made.text
    assert "(made)</option>" in made.text
    assert "Make these figures" not in made.text
    assert main_of(make(client, address, key)) == main_of(made)
    answer = client.get(f"{address}.csv", query_string={"period": key})
    assert answer.mimetype == "text/csv"
    assert f"evidence-{key}.csv" in answer.headers["Content-Disposition"]
    assert "Introductions by programme,Singing,Asked for,*" in answer.text


@pytest.mark.parametrize("key", ["made-up", "year-to-1999-q1", "2026-q1", "year-to-2026-q9"])
def test_years_that_nobody_can_report_on_are_said_to_have_no_figures(client, address, key):
    page = client.get(address, query_string={"period": key})
    assert page.status_code == 404
    assert "There are no figures for the year in this address." in page.text
    assert "Make these figures" not in page.text
    assert "Choose a year first. No figures have been made." in make(client, address, key).text
    answer = client.get(f"{address}.csv", query_string={"period": key}, follow_redirects=True)
    assert (answer.status_code, main_of(answer)) == (404, main_of(page))


def test_what_cannot_be_shown_is_said_in_a_sentence(client, address, monkeypatch, writing):
    key = offered(client, address)

    def refuse(*_args, **_kwargs):
        raise NotPublishable(["It would give something away."])

    monkeypatch.setattr(reports, "publish", refuse)
    page = make(client, address, key)
    assert "These figures cannot be made: beside those you have made already" in page.text
    assert "Make these figures" in page.text
    with writing() as session:
        assert session.query(EvidenceReport).all() == []


def test_before_anything_happened_the_page_says_when_there_will_be_figures(client, writing):
    with writing():
        user = make_user()
        organisation = make_organisation(members=[user])
        address = f"/organisations/{organisation.id}/evidence"
    sign_in(client, user, writing)
    page = client.get(address)
    assert page.status_code == 200
    assert "There is nothing to show yet." in page.text
    assert "Make these figures" not in page.text
