"""The demo as it is loaded: a true year, once.

Loading takes seconds, so it is done once on each database: on PostgreSQL now, and on SQLite in the
first second of a month, when the demo has to be as complete as on any other day.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.demo import DEMO_PASSWORD, DEMO_SIGN_INS, list_demo_sign_ins
from matchmaker.demo.loader import MAILS_KEPT
from matchmaker.extensions import Base, db, write_intent
from matchmaker.models import (
    Answer,
    AuditEvent,
    CheckIn,
    Claim,
    ClaimState,
    Introduction,
    IntroductionState,
    Organisation,
    OutboxMail,
    Outcode,
    Programme,
    ProgrammeEdit,
    ProgrammeMonth,
    ProgrammeStatus,
    Proposer,
    Side,
    SurveyInvitation,
    SurveyWave,
    User,
    Waiting,
    WaveState,
)
from matchmaker.models.introduction import RELEASED_STATES
from matchmaker.services import (
    check_ins,
    development_record,
    outside_contacts,
    professionals,
)
from matchmaker.services.answers import understand
from matchmaker.services.clock import london_month
from matchmaker.services.freshness import ASKED_AHEAD, STALE_AFTER_MONTHS, checked_before
from matchmaker.services.matching import suggest_for_answers
from matchmaker.services.passwords import verify_password
from matchmaker.services.policy import Action, actor_for, may
from matchmaker.services.surveys import results, themes
from tests.factories import make_outcode

pytestmark = pytest.mark.walk

YEAR = timedelta(days=367)
MONTH_BEGINS = datetime(2027, 3, 1, 0, 0, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Demo:
    """The app with the demo as the command loaded it, when that was, and what it said."""

    app: Flask
    now: datetime
    output: str


@pytest.fixture(scope="module")
def demo(shared_app, database):
    with shared_app.app_context(), write_intent():
        make_outcode("KY12", town="From a real import")
        db.session.commit()
    now = MONTH_BEGINS if database.kind == "sqlite" else datetime.now(UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matchmaker.cli.demo.datetime", SimpleNamespace(now=lambda _zone: now))
        result = shared_app.test_cli_runner().invoke(args=["demo", "--without-year"])
    assert result.exit_code == 0, result.output
    yield Demo(shared_app, now, result.output)
    database.empty([table.name for table in Base.metadata.sorted_tables])


@pytest.fixture
def in_demo(demo):
    with demo.app.app_context():
        yield demo


def rows(table, *conditions):
    return db.session.scalars(select(table).where(*conditions)).all()


def row_counts():
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def test_command_says_what_it_loaded_and_who_can_sign_in(demo):
    assert "The demo is loaded: 102 people" in demo.output
    assert DEMO_PASSWORD in demo.output
    for each in DEMO_SIGN_INS:
        assert each.email in demo.output
        assert str(each.label) in demo.output


def test_second_run_changes_nothing_and_says_so(demo):
    with demo.app.app_context():
        before = row_counts()
    result = demo.app.test_cli_runner().invoke(args=["demo", "--without-year"])
    assert result.exit_code == 0
    assert "Nothing was changed" in result.output
    assert DEMO_PASSWORD in result.output
    with demo.app.app_context():
        assert row_counts() == before


def test_districts_of_a_real_import_are_kept(in_demo):
    assert db.session.get(Outcode, "KY12").town == "From a real import"
    assert db.session.get(Outcode, "KY11").town == "Dunfermline"


def test_everybody_signs_in_with_the_one_password(in_demo):
    (password_hash,) = set(db.session.scalars(select(User.password_hash)))
    assert verify_password(password_hash, DEMO_PASSWORD)
    assert [each for each, _ in list_demo_sign_ins()] == list(DEMO_SIGN_INS)


def test_sign_ins_have_what_their_labels_promise(in_demo):
    users = [user for _, user in list_demo_sign_ins()]
    physiotherapist, newcomer, owner, editor, *_ = users
    tasks = professionals.completed_tasks(physiotherapist.professional)
    assert tasks == frozenset(professionals.Task)
    assert professionals.completed_tasks(newcomer.professional) == {professionals.Task.VISIBILITY}
    open_states = {
        each.state
        for each in rows(Introduction, Introduction.professional == physiotherapist.professional)
    }
    assert len(open_states) >= 5
    assert len(owner.memberships[0].organisation.programmes) >= 4
    assert len(editor.memberships) == 2
    assert {each.role.value for each in editor.memberships} == {"editor"}


def test_sign_ins_find_a_check_in_waiting_and_contacts_of_their_own(in_demo):
    physiotherapist, _, owner, *_ = [user for _, user in list_demo_sign_ins()]
    for user in (physiotherapist, owner):
        assert 1 <= len(check_ins.list_open(actor_for(user))) <= 6
        assert outside_contacts.list_contacts(actor_for(user))
    entries = development_record.list_entries(physiotherapist.professional)
    assert len(entries) >= 8
    assert sum(bool(each.reflection) for each in entries) == 3
    answered = rows(CheckIn, CheckIn.answered_at.is_not(None))
    assert {each.side for each in answered} == set(Side)


def test_introductions_are_in_every_state_and_every_kind_of_waiting(in_demo):
    introductions = rows(Introduction)
    assert len(introductions) >= 120
    assert {each.state for each in introductions} == set(IntroductionState)
    waiting = Counter(each.waiting_for for each in introductions if each.waiting_for)
    assert set(waiting) == set(Waiting)
    assert waiting[Waiting.PLACES] >= 2
    assert waiting[Waiting.CLAIM] >= 3
    proposed = [
        each.professional_answer is Answer.PENDING and each.programme_answer is Answer.PENDING
        for each in introductions
        if each.proposed_by is Proposer.LEAD and each.state is IntroductionState.PROPOSED
    ]
    assert set(proposed) == {True, False}


def test_somebody_asks_to_look_after_an_organisation_and_a_page_is_due_to_be_checked(in_demo):
    (claim,) = rows(Claim)
    assert claim.state is ClaimState.WAITING
    graham = rows(User, User.name == "Graham Melville")[0]
    assert may(actor_for(graham), Action.REVIEW_CLAIM, claim)
    due = checked_before(STALE_AFTER_MONTHS, now=in_demo.now, ahead=ASKED_AHEAD)
    stale = checked_before(STALE_AFTER_MONTHS, now=in_demo.now)
    found = rows(Programme, Programme.last_checked_at < due, Programme.last_checked_at >= stale)
    assert "Kingdom Carers' Evenings" in {each.name for each in found}


def test_a_change_of_an_editor_waits_and_another_was_published(in_demo):
    edits = db.session.scalars(select(ProgrammeEdit).where(ProgrammeEdit.author.has())).all()
    (waiting,) = [edit for edit in edits if edit.decided_at is None]
    owner = db.session.scalars(select(User).where(User.name == "Maggie Lumsden")).one()
    assert may(actor_for(owner), Action.DECIDE_EDIT, waiting)
    assert waiting.author_user_id != owner.id
    published = {edit.author_user_id for edit in edits if edit.decided_by_user_id == owner.id}
    assert waiting.author_user_id in published


def test_programmes_are_full_paused_closed_drafts_unclaimed_and_stale(in_demo):
    programmes = rows(Programme)
    status = Counter(each.status for each in programmes if each.is_published)
    assert status[ProgrammeStatus.PAUSED] == 1
    assert status[ProgrammeStatus.CLOSED] == 1
    assert sum(not each.is_published for each in programmes) == 1
    assert len(rows(Organisation, Organisation.claimed_at.is_(None))) == 4
    half_a_year_ago = in_demo.now - timedelta(days=183)
    stale = [each for each in programmes if each.last_checked_at < half_a_year_ago]
    assert 3 <= len(stale) < len(programmes) / 4
    this_month = london_month(in_demo.now)
    full = rows(
        ProgrammeMonth,
        ProgrammeMonth.month == this_month,
        ProgrammeMonth.taken == ProgrammeMonth.places,
    )
    assert len(full) >= 2


@pytest.mark.one_database
def test_places_are_taken_even_in_the_first_second_of_a_month(in_demo):
    assert in_demo.now == MONTH_BEGINS
    taken = select(ProgrammeMonth.taken).where(ProgrammeMonth.month == "2027-03")
    assert sum(db.session.scalars(taken)) == 2


def test_everything_happened_within_the_year_and_in_order(in_demo):
    now = in_demo.now
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    moments = [each.at for each in events]
    assert moments == sorted(moments)
    assert now - YEAR < moments[0]
    assert moments[-1] <= now
    for each in rows(Introduction):
        assert each.proposed_at <= each.state_changed_at <= now
        assert each.professional.created_at < each.proposed_at
        assert each.programme.published_at < each.proposed_at


def test_audit_and_places_tell_the_same_story_as_the_introductions(in_demo):
    actions = {}
    events = rows(AuditEvent, AuditEvent.subject_type == "introduction")
    for event in sorted(events, key=lambda each: each.id):
        actions.setdefault(event.subject_id, []).append(event.action)
    accepted = 0
    for each in rows(Introduction):
        happened = actions[each.id]
        assert happened[0] == "introduction.proposed"
        assert ("introduction.accepted" in happened) or each.state not in RELEASED_STATES
        accepted += (
            "introduction.accepted" in happened and each.programme.places_per_month is not None
        )
    assert accepted > 80
    assert sum(each.taken for each in rows(ProgrammeMonth)) == accepted


def test_nothing_is_left_to_send_and_the_last_mails_can_be_looked_at(in_demo):
    mails = rows(OutboxMail)
    assert len(mails) == MAILS_KEPT
    assert all(each.sent_at == each.created_at for each in mails)
    assert len({each.subject for each in mails}) >= 6
    assert all(each.subject and "Hello" not in each.subject and each.body for each in mails)


def test_answers_without_an_account_find_help_after_stroke_in_fife(in_demo):
    answers = understand(profession="physiotherapist", where="KY12 7JA", conditions=["stroke"])
    shown = suggest_for_answers(answers, now=in_demo.now, top=10)
    names = [each.programme.name for each in shown]
    assert {
        "Dunfermline Stroke Café",
        "Move Again: exercise after stroke",
        "Talk Together: aphasia conversation group",
        "Kingdom Carers' Evenings",
        "Evening Circle online",
    } <= set(names[:8])
    assert {each.match.route for each in shown} == {"in_person", "online"}


def test_two_surveys_have_closed_and_one_is_open(in_demo):
    first, second, third = sorted(rows(SurveyWave), key=lambda wave: wave.id)
    assert [each.state for each in (first, second, third)] == [
        WaveState.CLOSED,
        WaveState.CLOSED,
        WaveState.OPEN,
    ]
    shown = results.read(second)
    assert shown.answered.shown >= 35
    assert shown.changes
    found = [each for several in themes.list_themes(second).values() for each in several]
    assert any(each.texts.shown for each in found)
    assert any(each.quotes for each in found)
    third_asked = SurveyInvitation.wave_id == third.id
    assert rows(SurveyInvitation, third_asked, SurveyInvitation.mailed_at.is_(None)) == []
