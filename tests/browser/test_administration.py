"""An administrator's morning, on a phone: what waits, who is concerned, and what was done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from matchmaker.extensions import db
from matchmaker.models import OutboxMail, Report, ReportReason
from matchmaker.services import passwords
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "purple kettle over the harbour"


def make_what_waits():
    """A report, a mail that failed, and somebody whose mail came back."""
    now = datetime.now(UTC)
    make_user(
        name="Ada",
        email="ada@example.org",
        is_administrator=True,
        password_hash=passwords.hash_password(PASSWORD),
    )
    reporter = make_user(name="Mairi", email="mairi@example.org", bounced_at=now)
    report = Report(
        reporter_user_id=reporter.id,
        address="/glossary",
        reason=ReportReason.WRONG,
        note="A word is missing.",
        reported_at=now,
    )
    mail = OutboxMail(
        dedupe_key="a mail",
        message_id="<a-mail@example.org>",
        kind="reset_password",
        recipient=reporter.email,
        subject="Choose a new password",
        body="A link",
        created_at=now,
        send_after_at=now,
        failed_at=now,
        attempts=8,
        last_error="450 Try again later",
    )
    db.session.add_all([report, mail])


def test_administrator_deals_with_what_waits(new_page, writing):
    with writing():
        make_what_waits()
    page = new_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Administration").click()
    main = page.get_by_role("main")

    main.get_by_role("link", name="Reports").last.click()
    main.get_by_role("link", name="It is wrong or out of date").click()
    expect(main.get_by_text("A word is missing.")).to_be_visible()
    main.get_by_label("It was put right").check()
    main.get_by_role("button", name="Save").click()
    expect(main.get_by_text("Nothing waits for you.")).to_be_visible()

    main.get_by_role("link", name="Overview").click()
    main.get_by_role("link", name="Mail that failed").click()
    expect(main.get_by_text("450 Try again later")).to_be_visible()
    main.get_by_role("button", name="Send it again").click()
    expect(main.get_by_text("There is none.")).to_be_visible()

    main.get_by_role("link", name="Overview").click()
    main.get_by_role("link", name="People whose mail came back").click()
    main.get_by_role("link", name="Mairi").click()
    main.get_by_role("button", name="Change their roles").click()
    main.get_by_label("Another area for them to look after").fill("NHS Fife")
    main.get_by_role("button", name="Save").click()
    expect(main.get_by_text("NHS Fife", exact=True)).to_be_visible()

    main.get_by_role("link", name="Audit trail").click()
    for action in ("user.made_lead", "outbox_mail.retried", "report.resolved"):
        expect(main.get_by_text(action)).to_be_visible()
