from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Introduction, IntroductionMessage, IntroductionState, Report, Side
from matchmaker.services import throttle
from matchmaker.web.reported_pages import without_secrets
from tests.factories import NOW
from tests.web.markup import Markup
from tests.web.world import build_world, settle, sign_in

pytestmark = pytest.mark.one_database


def send(client, address, **answers):
    page = Markup(client.get(address).text)
    form = next(each for each in page.all("form") if "/report" in each.attributes["action"])
    hidden = {
        each.attributes["name"]: each.attributes.get("value", "")
        for each in page.all("input", type="hidden")
        if form in each.around
    }
    return client.post(form.attributes["action"], data={**hidden, **answers})


def reports(app):
    with app.app_context():
        return list(db.session.scalars(select(Report).order_by(Report.id)))


def link_below(client, address):
    page = Markup(client.get(address).text)
    return next(
        each.attributes["href"]
        for each in page.all("a")
        if each.text == "Report a problem with this page"
    )


def test_a_visitor_reports_the_page_they_are_on(app, client):
    link = link_below(client, "/glossary?x=1")
    assert link == "/report?page=/glossary"
    assert send(client, link, reason="wrong", note="A word.").location == "/report/sent"
    assert "Your report has arrived" in client.get("/report/sent").text
    (made,) = reports(app)
    assert (made.address, made.note, made.reporter_user_id) == ("/glossary", "A word.", None)


def test_what_was_typed_is_kept(app, client):
    page = send(client, "/report?page=/privacy", note="Line 3")
    assert page.status_code == 422
    assert "Choose what is wrong" in page.text
    assert "Line 3" in page.text
    assert Markup(page.text).one("input", name="page").attributes["value"] == "/privacy"
    page = send(client, "/report?page=/privacy", reason="other")
    assert page.status_code == 422
    assert "Say in a sentence" in page.text
    assert reports(app) == []


def test_a_link_from_a_mail_is_not_written_down(app, client, writing):
    with writing():
        token = build_world().values["answer_token"]
    link = link_below(client, f"/answer/{token}")
    assert token not in link
    send(client, f"/report?page=/answer/{token}/yes?x={token}", reason="wrong")
    assert reports(app)[-1].address == "/answer/…/yes"


@pytest.mark.parametrize("page", ["https://other.example/", "//other.example", "", "other", None])
def test_pages_elsewhere_are_not_taken(page):
    assert without_secrets(page) == ""


def test_paths_are_bounded():
    assert len(without_secrets("/a" * 1000)) == 200


def test_the_page_of_reporting_leads_to_itself(client):
    assert link_below(client, "/report?page=/glossary") == "/report"


def test_too_many_reports_have_to_wait(client, monkeypatch):
    monkeypatch.setattr(throttle, "REPORT_ADDRESS", throttle.Limit("r", 1, throttle.HOUR))
    send(client, "/report?page=/glossary", reason="wrong")
    page = send(client, "/report?page=/glossary", reason="unkind", note="Line 3")
    assert page.status_code == 429
    assert "too many tries" in page.text
    assert "Line 3" in page.text


def test_a_party_reports_a_message_and_nobody_else_reads_it(app, writing):
    with writing():
        world = build_world()
    client = app.test_client()
    sign_in(client, world.users["owner"], writing)
    page = f"/introductions/{world.values['introduction_id']}"
    address = f"/introductions/messages/{world.values['message_id']}/report"
    links = {each.attributes.get("href") for each in Markup(client.get(page).text).all("a")}
    assert address in links
    assert "canary-message" in client.get(address).text
    assert send(client, address).status_code == 422
    page_after = send(client, address, reason="other")
    assert page_after.status_code == 422
    assert "canary-message" in page_after.text
    assert send(client, address, reason="unkind").location == page
    made = reports(app)[-1]
    assert (made.quoted, made.address) == ("canary-message", page)
    assert made.reporter_user_id == world.users["owner"].id
    author = app.test_client()
    sign_in(author, world.users["professional"], writing)
    links = {each.attributes.get("href") for each in Markup(author.get(page).text).all("a")}
    assert address not in links


def test_a_hidden_message_cannot_be_reported(app, writing):
    with writing() as session:
        world = build_world()
        introduction = session.get(Introduction, world.values["introduction_id"])
        settle(introduction, IntroductionState.WITHDRAWN, NOW)
        kept = IntroductionMessage(
            id=world.values["message_id"], side=Side.PROFESSIONAL, body="Hello", created_at=NOW
        )
        introduction.messages = [kept]
    client = app.test_client()
    sign_in(client, world.users["owner"], writing)
    address = f"/introductions/messages/{world.values['message_id']}/report"
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("page", ["/programmes/{programme_id}", "/organisations/{organisation_id}"])
def test_a_mistake_is_reported_from_the_record_it_stands_in(client, writing, page):
    with writing():
        address = page.format(**build_world().values)
    (link,) = [
        each
        for each in Markup(client.get(address).text).all("a")
        if each.text == "Report a mistake" and each.is_inside("main")
    ]
    assert client.get(link.attributes["href"]).text.count(f"The page: {address}") == 1
