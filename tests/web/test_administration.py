"""The administrators' area, as an administrator uses it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    AuditEvent,
    OutboxMail,
    Report,
    ReportReason,
    ReportResolution,
    User,
    UserSession,
)
from matchmaker.services import audit
from tests.factories import (
    FIFE,
    NOW,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.queries import statements_sent
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

# What a page shows and which queries it takes is decided in Python.
pytestmark = pytest.mark.one_database


@pytest.fixture
def ada(writing):
    with writing():
        return make_user(name="Ada", email="ada@example.org", is_administrator=True)


@pytest.fixture
def as_ada(app, ada, writing):
    client = app.test_client()
    sign_in(client, ada, writing)
    return client


def post(client, address, page=None, **values):
    token = csrf_token(client.get(page or address).text)
    return client.post(address, data={"csrf_token": token, **values}, follow_redirects=True)


def make_mail(**values):
    defaults = {
        "dedupe_key": f"{values}",
        "message_id": f"<{hash(str(values))}@example.org>",
        "kind": "introduction_asked",
        "recipient": "mairi@example.org",
        "subject": "Secret subject",
        "body": "Secret body",
        "created_at": NOW,
        "send_after_at": NOW,
    }
    mail = OutboxMail(**{**defaults, **values})
    db.session.add(mail)
    db.session.flush()
    return mail


def make_report(**values):
    defaults = {"address": "/programmes/1", "reason": ReportReason.WRONG, "reported_at": NOW}
    report = Report(**{**defaults, **values})
    db.session.add(report)
    db.session.flush()
    return report


def test_overview_counts_and_leads_to_what_waits(as_ada, writing):
    assert "It goes out by itself" in as_ada.get("/admin/").text
    with writing():
        make_report()
        make_user(bounced_at=NOW)
        make_mail(send_after_at=NOW)
    page = Markup(as_ada.get("/admin/").text)
    found = {each.text for each in page.all("li") if each.is_inside("main")}
    assert any(each.startswith("Reports") and each.endswith("1") for each in found)
    assert any("mail came back" in each and each.endswith("1") for each in found)
    assert any("Look whether the worker runs" in each for each in found)
    assert page.one("a", href="/admin/people?which=bounced")


def test_person_is_found_and_shown_with_what_an_account_is(as_ada, writing):
    with writing():
        user = make_lead([FIFE], name="Mairi", email="mairi@example.org", phone="01592 123 456")
        make_professional(user=user, hcpc_number="PH123456", employer="Victoria Hospital")
        make_organisation(members=[user], name="Breathe Easy")
    page = as_ada.get("/admin/people?words=mair").text
    assert "1 person" in page
    assert "mairi@example.org" in page
    page = as_ada.get(f"/admin/people/{user.id}").text
    for words in ("Breathe Easy", "owner", "Fife", "In 0 browsers", "3 November 2026"):
        assert words in page
    for secret in ("PH123456", "Victoria Hospital", "01592 123 456"):
        assert secret not in page
    assert as_ada.get("/admin/people/9999").status_code == 404


def test_an_altered_address_shows_everybody_and_says_what_is_wrong(as_ada):
    page = as_ada.get("/admin/people?which=nobody&page=x").text
    assert "Error: People" in page
    assert "1 person" in page


def test_pages_of_a_list_keep_what_was_asked_and_take_no_orders_from_the_address(as_ada, writing):
    with writing():
        for number in range(30):
            make_user(name=f"Zoe {number:02}")
    address = "/admin/people?words=zoe&which=everybody&_scheme=javascript&_external=1&endpoint=x"
    page = as_ada.get(address)
    (link,) = Markup(page.text).all("a", rel="next")
    assert link.attributes["href"].startswith("/admin/people?words=zoe&which=everybody&")
    assert "Page 2 of 2" in link.text
    second = as_ada.get(link.attributes["href"]).text
    assert "Zoe 29" in second
    assert "Zoe 00" not in second
    assert len(Markup(second).all("a", rel="prev")) == 1
    assert as_ada.get("/admin/people?page=0").status_code == 200
    assert as_ada.get("/admin/people?page=2147483647").status_code == 200


def test_sessions_of_a_person_are_ended(app, as_ada, writing):
    with writing():
        user = make_user(name="Mairi")
    other = app.test_client()
    sign_in(other, user, writing)
    assert other.get("/home").status_code == 200
    page = f"/admin/people/{user.id}"
    assert "In 1 browser" in as_ada.get(page).text
    answer = post(as_ada, f"{page}/end-sessions", page)
    assert "Mairi is signed out everywhere" in answer.text
    assert other.get("/home").status_code == 302


def test_reset_link_is_mailed_and_shown_to_nobody(as_ada, writing):
    with writing():
        user = make_user(email="mairi@example.org")
    page = f"/admin/people/{user.id}"
    answer = post(as_ada, f"{page}/send-reset-link", page)
    assert "on its way to mairi@example.org" in answer.text
    assert "/reset-password/" not in answer.text
    assert "/reset-password/" not in as_ada.get("/admin/outbox?standing=waiting").text
    for _ in range(5):
        answer = post(as_ada, f"{page}/send-reset-link", page)
    assert "There is a problem" in answer.text
    with writing() as session:
        assert len(session.scalars(select(OutboxMail)).all()) < 6


def test_erased_account_offers_nothing_to_do(as_ada, writing):
    with writing():
        user = make_user(name="", erased_at=NOW)
    page = f"/admin/people/{user.id}"
    assert f"Person {user.id}" in as_ada.get("/admin/people").text
    assert "Change their roles" not in as_ada.get(page).text
    answer = post(as_ada, f"{page}/send-reset-link", "/admin/people/1/roles")
    assert "This account was erased" in answer.text
    assert "This account was erased" in post(as_ada, f"{page}/roles", is_administrator="yes").text


def test_roles_are_given_and_taken(as_ada, writing):
    with writing():
        user = make_user(name="Mairi")
    page = f"/admin/people/{user.id}/roles"
    unknown = post(as_ada, page, new_area="Narnia").text
    assert "We do not know the area “Narnia”" in unknown
    answer = post(as_ada, page, is_administrator="yes", new_area="NHS Fife").text
    assert "The roles of Mairi are changed" in answer
    assert "NHS Fife" in answer
    answer = post(as_ada, page).text
    assert "No area" in answer
    with writing() as session:
        found = session.get(User, user.id)
        assert (found.is_administrator, found.lead_scopes) == (False, [])
        events = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert events == [
        "user.made_administrator",
        "user.made_lead",
        "user.unmade_administrator",
        "user.unmade_lead",
    ]
    assert "The roles of" not in post(as_ada, page).text


def test_last_administrator_is_told_why_they_stay(as_ada, ada, writing):
    answer = post(as_ada, f"/admin/people/{ada.id}/roles")
    assert "Nobody else is an administrator" in answer.text
    with writing() as session:
        assert session.get(User, ada.id).is_administrator


def test_administrator_who_resigns_signs_in_again_without_the_area(as_ada, ada, writing):
    with writing():
        make_user(is_administrator=True)
    answer = post(as_ada, f"/admin/people/{ada.id}/roles")
    assert answer.request.path == "/sign-in"
    sign_in(as_ada, ada, writing)
    assert as_ada.get("/admin/").status_code == 403


def test_organisation_is_found_with_how_its_programmes_stand(as_ada, writing):
    with writing():
        organisation = make_organisation(members=[make_user(name="Bob")], name="Breathe Easy")
        make_programme(organisation=organisation, name="Singing", contact_phone="01592 1")
        make_programme(organisation=organisation, name="Old one", status="closed")
        make_programme(organisation=organisation, name="Unfinished", published_at=None)
        make_organisation(name="Unclaimed", claimed_at=None)
    page = as_ada.get("/admin/organisations?words=breathe").text
    for words in ("1 organisation", "by 1 person", "1 open programme", "1 closed", "1 draft"):
        assert words in page
    assert "Looked after by nobody yet" in as_ada.get("/admin/organisations").text
    page = as_ada.get(f"/admin/organisations/{organisation.id}").text
    assert all(words in page for words in ("Bob", "Owner", "Singing", "Old one"))
    assert "Unfinished" not in page
    assert "01592 1" not in page


def test_owner_is_invited_to_an_organisation(as_ada, writing):
    with writing():
        organisation = make_organisation(website="https://breathe.example")
    address = f"/admin/organisations/{organisation.id}/invite"
    assert "https://breathe.example" in as_ada.get(address).text
    assert "like name@example.org" in post(as_ada, address, email="nobody").text
    answer = post(as_ada, address, email="mairi@example.org")
    assert "The invitation is on its way" in answer.text
    with writing() as session:
        assert session.scalars(select(OutboxMail.recipient)).all() == ["mairi@example.org"]


def test_report_is_read_and_resolved_once(as_ada, ada, writing):
    with writing():
        reporter = make_user(name="Mairi")
        report = make_report(reporter_user_id=reporter.id, note="The day is wrong.")
    assert "It is wrong or out of date" in as_ada.get("/admin/reports").text
    address = f"/admin/reports/{report.id}"
    page = as_ada.get(address)
    assert "The day is wrong." in page.text
    assert "Mairi" in page.text
    assert Markup(page.text).one("a", href="/programmes/1")
    assert "Choose what you did about it" in post(as_ada, address, note="A word").text
    stale = csrf_token(page.text)
    answer = post(as_ada, address, resolution="corrected", note="Now Tuesday.")
    assert "Nothing waits for you" in answer.text
    again = as_ada.post(address, data={"csrf_token": stale, "resolution": "removed"})
    assert "dealt with this report already" in again.text
    done = as_ada.get(address).text
    assert all(words in done for words in ("It was put right", "Now Tuesday.", "Ada"))
    assert "What did you do about it" not in done
    assert "It was put right" in as_ada.get("/admin/reports?done=1").text


def test_reported_message_is_quoted_and_nothing_leads_around_it(as_ada, writing):
    with writing():
        report = make_report(address="/introductions/7", quoted="Unkind <b>words</b>")
    page = as_ada.get(f"/admin/reports/{report.id}").text
    assert "Unkind &lt;b&gt;words" in page
    assert "Somebody without an account" in page
    assert 'href="/introductions/7"' not in page


@pytest.mark.parametrize("address", ["//evil.example", "javascript:alert(1)", ""])
def test_reported_address_of_elsewhere_is_no_link(as_ada, writing, address):
    with writing():
        report = make_report(address=address)
    page = Markup(as_ada.get(f"/admin/reports/{report.id}").text)
    assert page.all("a", href=address) == []


def test_outbox_shows_where_mail_stands_and_never_what_it_says(as_ada, writing):
    with writing():
        make_mail(failed_at=NOW, attempts=8, last_error="550 No such user")
        make_mail(send_after_at=NOW - timedelta(days=300))
        make_mail(sent_at=NOW, attempts=2)
    for standing, words in (
        ("failed", ("550 No such user", "Tried 8 times", "Send it again")),
        ("waiting", ("due",)),
        ("sent", ("Tried 2 times", "3 November 2026, 09:30")),
    ):
        page = as_ada.get(f"/admin/outbox?standing={standing}").text
        for each in (*words, "Introduction asked", "mairi@example.org", "1 mail"):
            assert each in page, (standing, each)
        assert "Secret" not in page
    assert "Mail that failed" in as_ada.get("/admin/outbox?standing=nonsense").text


def test_failed_mail_is_sent_again_once(as_ada, writing):
    with writing():
        mail = make_mail(failed_at=NOW)
    page = as_ada.get("/admin/outbox").text
    token = csrf_token(page)
    address = f"/admin/outbox/{mail.id}/retry"
    sent = as_ada.post(address, data={"csrf_token": token}, follow_redirects=True)
    assert "The mail is sent again" in sent.text
    again = as_ada.post(address, data={"csrf_token": token}, follow_redirects=True)
    assert "cannot be sent again" in again.text
    with writing() as session:
        assert session.scalars(select(AuditEvent.action)).all() == ["outbox_mail.retried"]


def test_audit_trail_is_shown_and_asked(as_ada, ada, writing):
    with writing():
        organisation = make_organisation()
        audit.record("organisation.edited", organisation, actor=ada, now=NOW)
        audit.record("introduction.expired", organisation, actor=None, now=NOW, days=14)
    page = as_ada.get("/admin/audit").text
    for words in ("organisation.edited", "Ada", "Nobody signed in", "days: 14", "09:30"):
        assert words in page
    for query, is_shown in (
        ("person=ada@example.org", True),
        (f"person={ada.id}&action=organisation.", True),
        (
            f"subject=organisation+{organisation.id}&since-day=3&since-month=11&since-year=2026",
            True,
        ),
        ("until-day=31&until-month=12&until-year=9999", True),
        ("subject=programme", False),
        ("until-day=2&until-month=11&until-year=2026", False),
    ):
        page = as_ada.get(f"/admin/audit?{query}").text
        assert ("organisation.edited" in page) == is_shown, query
        assert ("Nothing was written down that fits" in page) != is_shown, query


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("person=nobody", "Nobody has this e-mail address or number"),
        ("subject=%3F%3F", "like organisation 12"),
        ("since-day=31&since-month=2&since-year=2026", "Enter a real date"),
    ],
)
def test_question_that_makes_no_sense_is_said_beside_it_and_shows_nothing(
    as_ada, ada, writing, query, words
):
    with writing():
        audit.record("user.created", ada, actor=ada, now=NOW)
    page = as_ada.get(f"/admin/audit?{query}").text
    assert words in page
    assert "user.created" not in page
    assert "user.created" not in as_ada.get(f"/admin/audit.csv?{query}").text


def test_long_audit_trail_goes_on_and_back(as_ada, ada, writing):
    with writing():
        for number in range(60):
            audit.record(f"step.{number:02}", ada, actor=ada, now=NOW)
    first = Markup(as_ada.get("/admin/audit?action=step.").text)
    (older,) = first.all("a", rel="next")
    page = as_ada.get(older.attributes["href"])
    assert "step.09" in page.text
    assert "step.10" not in page.text
    (latest,) = Markup(page.text).all("a", rel="prev")
    assert "step.59" in as_ada.get(latest.attributes["href"]).text
    assert Markup(page.text).all("a", rel="next") == []


def test_audit_trail_as_a_file_names_nobody_and_runs_nothing(as_ada, ada, writing):
    with writing():
        audit.record("=HYPERLINK(1)", ada, actor=ada, now=NOW, area="S12000047")
    answer = as_ada.get("/admin/audit.csv?person=ada@example.org")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    head, row = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert head == ["at", "actor_user_id", "action", "subject_type", "subject_id", "details"]
    assert row[1:5] == [str(ada.id), "'=HYPERLINK(1)", "user", str(ada.id)]
    assert "Ada" not in answer.text
    assert "ada@example.org" not in answer.text


# Signing in is looked up with one query, and on pages the list that the line under the header
# counts with one more; the rest is the page's own.
BUDGETS = {
    "/admin/": 3,
    "/admin/people": 6,
    "/admin/organisations": 6,
    "/admin/reports": 4,
    "/admin/reports?done=1": 4,
    "/admin/outbox?standing=failed": 4,
    "/admin/outbox?standing=waiting": 4,
    "/admin/audit": 3,
    "/admin/audit.csv": 2,
}


@pytest.mark.parametrize("address", BUDGETS)
def test_list_takes_as_many_queries_for_many_rows_as_for_few(app, as_ada, ada, writing, address):
    used = []
    for _ in range(2):
        with writing():
            for number in range(8):
                _one_of_everything(ada, number)
        with statements_sent(app) as statements:
            assert as_ada.get(address).status_code == 200
        used.append(len([each for each in statements if each.startswith("SELECT")]))
    assert used[0] == used[1] <= BUDGETS[address]


def _one_of_everything(ada, number):
    user = make_lead([FIFE], name=f"A {number}")
    make_professional(user=user)
    organisation = make_organisation(members=[user])
    make_programme(organisation=organisation)
    audit.record("user.created", user, actor=user, now=NOW)
    make_mail(failed_at=NOW, dedupe_key=f"{user.id} failed", message_id=f"f{user.id}")
    make_mail(dedupe_key=f"{user.id} waiting", message_id=f"w{user.id}")
    make_report(reporter_user_id=user.id)
    make_report(resolution=ReportResolution.CORRECTED, resolved_at=NOW, resolved_by_user_id=ada.id)
    db.session.add(
        UserSession(user=user, token_digest=str(user.id), created_at=NOW, last_used_at=NOW)
    )
