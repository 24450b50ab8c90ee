"""A lead closes a gap: from the figure that shows it to the figure that counts what came of it.

The lead, the professional and the charity each in a browser of their own, against gunicorn. Months
pass in between, so that figures are built here as the worker would build them, at a later moment.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from babel.dates import format_date
from playwright.sync_api import expect

from matchmaker.models import Answer, IntroductionState, Proposer
from matchmaker.services import passwords
from matchmaker.services.clock import london_date, london_midnight
from matchmaker.services.statistics import releases
from matchmaker.services.statistics.periods import month_of, quarter_of
from tests.browser.journey import main_of, press
from tests.factories import (
    make_introduction,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.browser

PASSWORD = "purple kettle over the harbour"
NHS_FIFE = "S08000029"
GROUP = "Stroke and brain injury"
PROGRAMME = "Silver Singers"
PURPOSE = "Singing after a stroke, for those who are discharged."


@pytest.fixture
def today():
    return datetime.now(UTC)


@pytest.fixture
def quarter(today):
    """The last quarter with figures."""
    last = quarter_of(london_date(today)).previous
    return last if last.is_due(today) else last.previous


@pytest.fixture
def people(writing, quarter):
    """Ten who work with stroke and one programme for it: a gap that the last quarter shows."""
    hashed = passwords.hash_password(PASSWORD)
    with writing():
        lead = make_lead([NHS_FIFE], email="lead@example.org", password_hash=hashed)
        owner = make_user(email="choir@example.org", password_hash=hashed)
        programme = make_programme(
            name=PROGRAMME, organisation=make_organisation(members=[owner]), places_per_month=20
        )
        began_at = quarter.last_month.begins_at
        professionals = [make_professional(created_at=began_at) for _number in range(10)]
        asker = make_user(email="physio@example.org", password_hash=hashed)
        professionals.append(make_professional(user=asker, created_at=began_at))
        # Figures begin with the first introduction of all.
        make_introduction(
            professional=professionals[0],
            programme=make_programme(areas=["S12000033"]),
            proposed_at=began_at,
            state=IntroductionState.EXPIRED,
            closed_at=began_at + timedelta(days=14),
        )
        return lead, programme, professionals


def publish(writing, month, now):
    with writing():
        releases.build(month, now=now)


def signed_in(new_page, email):
    page = new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    return page


def follow(page, name):
    main_of(page).get_by_role("link", name=name, exact=True).first.click()


def say_yes(page):
    page.get_by_role("navigation").get_by_role("link", name="Introductions").click()
    main_of(page).get_by_role("link").filter(has_text=PROGRAMME).or_(
        main_of(page).get_by_role("link").filter(has_text="Physiotherapist")
    ).first.click()
    press(page, "Yes, introduce us")


def others_say_yes(lead, programme, professionals, at):
    """Nine more whom the lead brought together."""
    for professional in professionals[:9]:
        make_introduction(
            professional=professional,
            programme=programme,
            proposed_by=Proposer.LEAD,
            proposer_user_id=lead.id,
            proposed_at=at,
            professional_answer=Answer.YES,
            programme_answer=Answer.YES,
            state=IntroductionState.ACCEPTED,
            released_at=at,
        )


def test_a_lead_closes_a_gap_and_reads_of_it_a_month_later(
    new_page, writing, today, quarter, people
):
    lead, programme, professionals = people
    publish(writing, quarter.last_month, today)

    page = signed_in(new_page, "lead@example.org")
    page.get_by_role("navigation").get_by_role("link", name="My area").click()
    follow(page, "Gaps and overlaps")
    expect(main_of(page)).to_contain_text(GROUP)
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=GROUP))
    expect(row.get_by_role("cell").first).to_have_text("10")
    follow(page, GROUP)
    expect(page.get_by_role("heading", level=1)).to_contain_text(GROUP)
    here = page.get_by_role("region", name="Here, with places (1)")
    here.get_by_role("button", name="Suggest an introduction").click()
    offered = main_of(page).get_by_role("button", name="Suggest this introduction")
    expect(offered).to_have_count(10)
    page.goto(f"/lead/programmes/{programme.id}/{professionals[-1].id}")
    page.get_by_label("What could the two do together?").fill(PURPOSE)
    press(page, "Suggest this introduction")
    expect(main_of(page)).to_contain_text("Both sides have been asked.")

    for email in ("physio@example.org", "choir@example.org"):
        other = signed_in(new_page, email)
        say_yes(other)
    expect(main_of(other)).to_contain_text("physio@example.org")

    page.goto("/lead/")
    follow(page, "Every introduction you suggested")
    expect(main_of(page)).to_contain_text(PROGRAMME)
    expect(main_of(page)).to_contain_text("Both said yes")
    expect(main_of(page)).not_to_contain_text("physio@example.org")

    with writing():
        others_say_yes(lead, programme, professionals, today)
    month = month_of(london_date(today))
    publish(writing, month, london_midnight(month.due_on) + timedelta(hours=8))
    page.goto("/lead/")
    follow(page, "Activity")
    expect(main_of(page)).to_contain_text(format_date(month.first, "MMMM y", locale="en_GB"))
    row = page.get_by_role("row").filter(
        has=page.get_by_role("rowheader", name="A lead, for both", exact=True)
    )
    expect(row.get_by_role("cell").first).to_have_text("10")
