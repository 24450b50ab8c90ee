"""Contact details appear on no page, in no mail and in no log line of somebody not entitled.

Every person in the world carries words nobody could guess. Every page that can be read is read as
each of them, in each state of the introduction between two of them.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from matchmaker.models import (
    Introduction,
    IntroductionState,
    Organisation,
    OutboxMail,
    Proposer,
    Side,
)
from matchmaker.models.introduction import RELEASED_STATES
from matchmaker.services import introductions
from matchmaker.services.evidence import reports
from matchmaker.services.evidence.years import Year, latest_due
from tests.factories import NOW, make_user
from tests.web.world import PEOPLE, VISITOR, build_world, everybody, settle

# What a page shows is decided in Python, from rows that read the same on both databases.
pytestmark = pytest.mark.one_database

CANARY = re.compile(r"canary-[a-z-]*[a-z]")
STATES = (
    IntroductionState.ACCEPTED,
    IntroductionState.PROPOSED,
    IntroductionState.DECLINED,
    IntroductionState.WITHDRAWN,
)
OF_PROFESSIONAL = frozenset(
    {"canary-professional", "canary-professional-name", "canary-professional-phone"}
)
CONTACT_OF_PROFESSIONAL = OF_PROFESSIONAL | {"canary-employer"}
CONTACT_OF_PROGRAMME = frozenset({"canary-contact-name", "canary-contact", "canary-contact-phone"})
OF_TEAM = frozenset(
    f"canary-{name}{part}" for name in ("owner", "editor") for part in ("", "-name")
)
# What the owner reported, with their note.
REPORTED = frozenset({"canary-quoted", "canary-note"})
# That an account exists, and whose it is: no telephone number, no employer, no registration.
ACCOUNTS = frozenset(
    f"canary-{person.replace('_', '-')}{part}"
    for person in PEOPLE
    if person != VISITOR
    for part in ("", "-name")
)
# Whoever asks to look after an organisation tells a lead or an administrator who they are.
CLAIMANT = frozenset({"canary-newcomer", "canary-newcomer-name", "canary-job"})
# What the two are about to tell, which somebody reads for us first.
TOLD = frozenset({"canary-told"})
# What somebody asked the leads of their area.
ASKED = frozenset({"canary-help"})
# Whom a lead looks up in the register, because they asked for it.
CHECKED = frozenset({"canary-checked-name", "canary-number"})
# What the two asked each other, which nobody else reads.
BEFORE_THE_ANSWER = frozenset({"canary-question", "canary-reply"})


# The parts of the site that hold figures.
STATISTICS = frozenset({"activity", "evidence_packs", "gaps", "matching_quality"})


# What people see who are neither side of the introduction, beyond what is their own.
READ_BY = {
    "newcomer": {"canary-job"},
    "lead": CLAIMANT | TOLD | ASKED | CHECKED,
    "administrator": (
        ACCOUNTS | REPORTED | CLAIMANT | TOLD | {"canary-told-organisation", "canary-checked-name"}
    ),
    "other_professional": {"canary-other-employer"},
}


def _may_see(person, state):
    """What `person` may read anywhere, with the introduction in `state`."""
    name = person.replace("_", "-")
    own = {f"canary-{name}", f"canary-{name}-name", f"canary-{name}-phone"}
    is_released = state in RELEASED_STATES
    if person == "professional":
        own |= CONTACT_OF_PROFESSIONAL | {
            "canary-hcpc",
            "canary-offers",
            "canary-help",
            "canary-met",
            "canary-list",
            "canary-survey",
        }
        own |= BEFORE_THE_ANSWER | TOLD
        return own | (CONTACT_OF_PROGRAMME | {"canary-message"} if is_released else set())
    if person in ("owner", "editor"):
        own |= OF_TEAM | CONTACT_OF_PROGRAMME | BEFORE_THE_ANSWER | {"canary-draft"}
        own |= REPORTED if person == "owner" else set()
        return own | (CONTACT_OF_PROFESSIONAL | TOLD | {"canary-message"} if is_released else set())
    return own | READ_BY.get(person, frozenset())


def _addresses(app, values):
    """Every page that can be read in this world, except the mailbox of development."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        filled = {name: values.get(name, values["answer_token"]) for name in rule.arguments}
        yield adapter.build(rule.endpoint, filled)
    yield f"/programmes/new?organisation={values['organisation_id']}"
    yield "/try?profession=physiotherapist&where=Fife&conditions=stroke"
    yield "/lead/programmes?words=stroke"
    yield "/lead/programmes?which=never-answered"
    yield "/lead/gaps/closing?group=stroke-and-brain-injury"
    yield "/lead/professionals?which=never-suggested"
    yield (f"/contacts/{values['contact_id']}/introduction?programme={values['programme_id']}")
    yield "/admin/outbox?standing=waiting"
    yield f"/check-ins/mailed/{values['check_in_token']}"


@pytest.mark.walk
@pytest.mark.parametrize("state", STATES)
def test_pages_show_contact_details_only_to_those_entitled(state, app, writing, caplog):
    caplog.set_level(logging.DEBUG)
    with writing() as session:
        world = build_world()
        if state is not IntroductionState.ACCEPTED:
            introduction = session.get(Introduction, world.values["introduction_id"])
            settle(introduction, state, NOW)
    seen = set()
    # What the others read does not depend on how an introduction of somebody else stands.
    concerned = ("professional", "owner", "lead")
    clients = everybody(app, world, writing)
    for person in PEOPLE if state is IntroductionState.ACCEPTED else concerned:
        client = clients[person]
        for address in _addresses(app, world.values):
            answer = client.get(address)
            assert answer.status_code < 500, (person, address)
            # A calendar's lines go on after a break and a space.
            page = _text_of(answer).replace("\r\n ", "")
            found = set(CANARY.findall(page))
            leaked = found - _may_see(person, state)
            if state is IntroductionState.PROPOSED and address.startswith("/answer/"):
                # Whoever has the link of a proposal reads what its mail said.
                leaked -= BEFORE_THE_ANSWER
            assert leaked == set(), (person, address)
            seen |= {(person, each) for each in found}
    assert (("owner", "canary-reply") in seen) == (state is IntroductionState.PROPOSED)
    # The walk would be worth nothing if it never came to a page with such words.
    assert ("professional", "canary-hcpc") in seen
    assert (("lead", "canary-told") in seen) == (state in RELEASED_STATES)
    assert ("lead", "canary-number") in seen
    if state is IntroductionState.ACCEPTED:
        assert {("administrator", each) for each in ("canary-quoted", "canary-lead")} <= seen
    entitled = ("owner", "canary-professional") in seen
    assert entitled == (state in RELEASED_STATES)
    assert CANARY.findall(caplog.text) == []


def test_statistics_hold_no_name_no_message_and_no_single_answer(app, writing):
    with writing():
        world = build_world()
    client = everybody(app, world, writing)["lead"]
    adapter = app.url_map.bind("localhost")
    read = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] not in STATISTICS or "GET" not in rule.methods:
            continue
        address = adapter.build(
            rule.endpoint, {each: world.values[each] for each in rule.arguments}
        )
        answer = client.get(address)
        if answer.status_code == 200:
            read.add(rule.endpoint)
            assert CANARY.findall(_text_of(answer)) == [], address
    assert {
        "activity.index",
        "activity.as_csv",
        "matching_quality.index",
        "matching_quality.as_csv",
        "evidence_packs.show",
        "evidence_packs.as_zip",
    } < read


def test_figures_for_funders_hold_no_name_and_no_message(app, writing):
    now = datetime.now(UTC)
    year = Year(latest_due(now))
    with writing() as session:
        world = build_world()
        introduction = session.get(Introduction, world.values["introduction_id"])
        introduction.proposed_at = introduction.released_at = year.last_quarter.begins_at
        organisation = session.get(Organisation, world.values["organisation_id"])
        reports.make_report(organisation, year, now=now)
        address = f"/organisations/{organisation.id}/evidence"
    client = everybody(app, world, writing)["owner"]
    for each in (address, f"{address}.csv"):
        answer = client.get(each, query_string={"period": year.key})
        assert "Physiotherapist" in answer.text
        assert CANARY.findall(answer.text) == [], each


def _text_of(answer):
    """What somebody can read of a page, or of every file of an archive."""
    if answer.mimetype != "application/zip":
        return answer.text
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_open_data_hold_no_contact_details(app, writing):
    with writing():
        world = build_world()
    client = everybody(app, world, writing)["owner"]
    open_data = [each for each in _addresses(app, world.values) if each.startswith("/api/")]
    full = ("/services?full=true", "/service_at_locations?full=true")
    for address in (*open_data, *(f"/api/oruk/v3{each}" for each in full)):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert CANARY.findall(answer.get_data(as_text=True)) == [], address
    assert len(open_data) == 10
    assert b"Abbey Hall" in answer.data


def test_mails_hold_no_contact_details(app, writing):
    with writing() as session:
        world = build_world()
        introduction = session.get(Introduction, world.values["introduction_id"])
        introductions.withdraw(
            introduction, Side.PROFESSIONAL, actor=world.users["professional"], now=NOW
        )
        again = introductions.propose(
            world.users["professional"].professional,
            introduction.programme,
            proposed_by=Proposer.PROFESSIONAL,
            purpose="To try again.",
            actor=world.users["professional"],
            now=NOW,
        )
        introductions.accept(again, Side.PROGRAMME, actor=make_user(), now=NOW)
    with writing() as session:
        for mail in session.scalars(select(OutboxMail)):
            to = mail.recipient.partition("@")[0]
            own = {to, f"{to}-name"}
            assert set(CANARY.findall(mail.subject + mail.body + mail.html)) <= own, mail.subject
