"""The Monday mail. Monday 9 November 2026 is in the week after `NOW`."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.extensions import db, write_intent
from matchmaker.models import (
    Answer,
    CheckIn,
    IntroductionQuestion,
    IntroductionState,
    NotificationKind,
    OutboxMail,
    Proposer,
    ShownSuggestion,
    Side,
    User,
    Waiting,
)
from matchmaker.services import digest, matching, notifications
from tests.factories import (
    NOW,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.queries import statements_sent

MONDAY = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
ACCEPTED = {
    "state": IntroductionState.ACTIVE,
    "professional_answer": Answer.YES,
    "programme_answer": Answer.YES,
    "released_at": NOW,
}


def write(now=MONDAY):
    """Let the worker write whatever is due, as often as there is more.

    The matching index reads what is committed only.
    """
    db.session.commit()
    assert any(not digest.write_due(now=now) for _time in range(50)), "it never ends"
    db.session.flush()


def mails(kind="digest"):
    of_kind = select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id)
    return db.session.scalars(of_kind).all()


def mail_to(user):
    (mail,) = (each for each in mails() if each.user_id == user.id)
    return mail


def make_member(**values):
    """Somebody who looks after one programme, that nobody suits."""
    user = make_user()
    programme = make_programme(
        organisation=make_organisation(members=[user]), **{"conditions": ["copd"], **values}
    )
    return user, programme


def make_stranger():
    """A professional whom no programme here suits."""
    return make_professional(conditions=["diabetes"])


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("moment", "is_time"),
    [
        (datetime(2026, 11, 9, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 9, 11, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 9, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 9, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 8, 9, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 10, 9, 0, tzinfo=UTC), False),
        # In summer, London is an hour ahead.
        (datetime(2026, 7, 6, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 6, 11, 0, tzinfo=UTC), False),
    ],
)
def test_it_is_written_on_monday_mornings_in_london(moment, is_time):
    assert digest.is_time(moment) == is_time


def test_somebody_with_nothing_to_hear_gets_no_mail(session):
    make_user()
    make_stranger()
    make_member()
    write()
    assert mails() == []


def test_nothing_is_written_on_other_days(session):
    make_introduction(professional=make_stranger())
    write(MONDAY + timedelta(days=1))
    assert mails() == []


def test_it_names_what_waits_for_an_answer(session):
    user, programme = make_member(name="Silver Singers")
    professional = make_stranger()
    make_introduction(professional=professional, programme=programme)
    write()
    mail = mail_to(user)
    assert mail.subject == "1 thing waits for you on Matchmaker"
    assert (
        "What waits for you\n"
        "- Physiotherapist, NHS Fife, for Silver Singers: would you like to meet? "
        "Please answer by 17 November.\n"
    ) in mail.body
    assert "See what waits for you" in mail.body
    assert professional.user.name not in mail.body + mail.html
    # Whoever asked waits for somebody else.
    assert len(mails()) == 1


def test_a_professional_reads_which_programme_asks(session):
    _user, programme = make_member(name="Silver Singers")
    professional = make_stranger()
    make_introduction(
        professional=professional, programme=programme, proposed_by=Proposer.PROGRAMME
    )
    write()
    assert "- Silver Singers: would you like to meet them?" in mail_to(professional.user).body


def test_a_proposal_that_waits_is_nobodys_turn(session):
    _user, programme = make_member()
    make_introduction(
        professional=make_stranger(),
        programme=programme,
        waiting_for=Waiting.PLACES,
        waiting_since_at=NOW,
    )
    write()
    assert mails() == []


@pytest.mark.parametrize("side", list(Side))
def test_a_question_is_the_turn_of_whoever_is_asked(session, side):
    member, programme = make_member(name="Silver Singers")
    professional = make_stranger()
    proposer = Proposer.PROFESSIONAL if side is Side.PROGRAMME else Proposer.PROGRAMME
    introduction = make_introduction(
        professional=professional,
        programme=programme,
        proposed_by=proposer,
        waiting_for=Waiting.QUESTION,
        waiting_since_at=NOW,
    )
    session.add(
        IntroductionQuestion(
            introduction_id=introduction.id, side=side, body="How often?", asked_at=NOW
        )
    )
    session.flush()
    write()
    asked, wording = (
        (professional.user, "- Silver Singers has a question for you.")
        if side is Side.PROGRAMME
        else (member, "- Physiotherapist, NHS Fife has a question about Silver Singers.")
    )
    assert len(mails()) == 1
    assert wording in mail_to(asked).body


def test_it_names_check_ins_that_wait(session):
    user, programme = make_member(name="Silver Singers")
    introduction = make_introduction(professional=make_stranger(), programme=programme, **ACCEPTED)
    session.add(
        CheckIn(introduction_id=introduction.id, months=3, side=Side.PROGRAMME, asked_at=NOW)
    )
    session.flush()
    write()
    assert "- Silver Singers: how is it going?" in mail_to(user).body
    assert len(mails()) == 1


@pytest.mark.parametrize(
    ("day", "wording"),
    [
        (date(2026, 11, 9), "- 9 November, about Silver Singers: “Visit the choir”"),
        (date(2026, 11, 23), "- 23 November, about Silver Singers: “Visit the choir”"),
        (date(2026, 11, 24), None),
        (date(2026, 10, 26), "- 26 October, which is past, about Silver Singers:"),
        (date(2026, 10, 25), None),
        (None, None),
    ],
)
def test_it_names_what_was_agreed_for_days_that_are_near(session, day, wording):
    user, programme = make_member(name="Silver Singers")
    make_introduction(
        professional=make_stranger(),
        programme=programme,
        next_step="Visit the choir",
        next_step_on=day,
        **ACCEPTED,
    )
    write()
    assert len(mails()) == (0 if wording is None else 2)
    if wording:
        assert wording in mail_to(user).body
        assert mail_to(user).subject == "What you agreed to do: your week on Matchmaker"


def test_it_names_the_best_suggestions_that_were_not_shown_yet_and_each_only_once(session):
    professional = make_professional()
    for number in range(5):
        make_programme(
            name=f"Stroke group {number}",
            organisation=make_organisation(name="Chest, Heart & Stroke"),
        )
    write()
    mail = mail_to(professional.user)
    assert mail.subject == "Somebody new to meet on Matchmaker"
    assert mail.body.count("- Stroke group") == 3
    assert ", run by Chest, Heart & Stroke\n" in mail.body
    shown = session.scalars(select(ShownSuggestion).order_by(ShownSuggestion.rank)).all()
    assert [each.rank for each in shown] == [1, 2, 3]
    write(MONDAY + WEEK)
    second = [each for each in mails() if each.id != mail.id]
    assert [each.body.count("- Stroke group") for each in second] == [2]
    write(MONDAY + 2 * WEEK)
    assert len(mails()) == 2


def test_a_professional_who_is_away_is_suggested_nothing(session):
    make_professional(is_available=False)
    make_programme(organisation=make_organisation())
    write()
    assert mails() == []


def test_it_counts_who_is_new_to_a_programme(session):
    user, programme = make_member(name="Stroke café", conditions=["stroke"])
    professional = make_professional(user=make_user(digest_sent_at=MONDAY))
    old = make_professional(user=make_user(digest_sent_at=MONDAY))
    old.updated_at = MONDAY - timedelta(days=8)
    seen = make_professional(user=make_user(digest_sent_at=MONDAY))
    session.add(
        ShownSuggestion(
            shown_at=NOW,
            shown_to=Side.PROGRAMME,
            professional_id=seen.id,
            programme_id=programme.id,
            rank=1,
            score=1.0,
            z_professional=1.0,
            z_programme=1.0,
            model_version="1",
        )
    )
    session.flush()
    write()
    (mail,) = mails()
    assert mail.user_id == user.id
    assert "New people for your programmes\n- Stroke café: 1 professional\n" in mail.body
    assert professional.user.name not in mail.body + mail.html


def test_nobody_is_written_to_twice_in_seven_days(session):
    _user, programme = make_member()
    make_introduction(professional=make_stranger(), programme=programme)
    for minutes in range(0, 3 * 7 * 24 * 60, 30):
        moment = MONDAY + timedelta(minutes=minutes)
        if digest.is_time(moment):
            write(moment)
    written = [each.created_at for each in mails()]
    assert written == [MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK]


@pytest.mark.parametrize(
    "change",
    [
        lambda user: notifications.mute(user, NotificationKind.DIGEST, actor=user, now=NOW),
        lambda user: setattr(user, "bounced_at", NOW),
        lambda user: setattr(user, "erased_at", NOW),
        lambda user: setattr(user, "digest_sent_at", MONDAY - WEEK + timedelta(seconds=1)),
    ],
    ids=["switched off", "bounced", "erased", "written to lately"],
)
def test_some_people_get_none(session, change):
    user, programme = make_member()
    make_introduction(professional=make_stranger(), programme=programme)
    change(user)
    session.flush()
    write()
    assert mails() == []


def test_it_waits_until_the_quiet_hours_are_over(session):
    user, programme = make_member()
    user.quiet_from_hour, user.quiet_until_hour = 18, 10
    make_introduction(professional=make_stranger(), programme=programme)
    write()
    assert mail_to(user).send_after_at == datetime(2026, 11, 9, 10, 0, tzinfo=UTC)


def test_a_mail_that_cannot_be_written_keeps_back_nobody_elses(session, monkeypatch, caplog):
    gather = digest.gather
    unlucky, lucky = (make_member() for _ in range(2))
    for _user, programme in (unlucky, lucky):
        make_introduction(professional=make_stranger(), programme=programme)

    def fail(user, **values):
        if user.id == unlucky[0].id:
            session.add(User(email="half written"))
            session.flush()
        return gather(user, **values)

    monkeypatch.setattr(digest, "gather", fail)
    write()
    assert [each.user_id for each in mails()] == [lucky[0].id]
    assert "digest not written" in caplog.text


def test_it_is_written_later_while_there_is_no_index(session, monkeypatch):
    user, programme = make_member()
    make_introduction(professional=make_stranger(), programme=programme)

    def fail():
        raise matching.NoSnapshot

    with monkeypatch.context() as patch:
        patch.setattr(matching, "keeper", fail)
        write()
    assert (mails(), user.digest_sent_at) == ([], None)
    write()
    assert len(mails()) == 1


def test_the_number_of_queries_does_not_grow_with_what_there_is_to_say(app, session):
    counts = []
    for n_introductions in (0, 1, 6):
        user, programme = make_member()
        for _number in range(n_introductions):
            for values in ({}, {"next_step": "Meet", "next_step_on": MONDAY.date(), **ACCEPTED}):
                make_introduction(professional=make_stranger(), programme=programme, **values)
        session.commit()
        counts.append(_count_queries_of(app, user.id))
    # The first one also finds the matching index empty.
    assert counts[1] == counts[2]
    assert counts[1] <= 30


def _count_queries_of(app, user_id):
    db.session.expunge_all()
    user = db.session.get(User, user_id)
    # What changed since the last time is read by whoever asks next, and depends on what it was.
    matching.keeper().view()
    with statements_sent(app) as sent:
        digest.gather(user, since=NOW, now=MONDAY)
    return len(sent)


def test_several_workers_write_to_everybody_once(app, writing, trial_size):
    n_people = trial_size(24, 200)
    with writing():
        for _number in range(n_people):
            _user, programme = make_member()
            make_introduction(professional=make_stranger(), programme=programme)
    gate = threading.Barrier(4)

    def work(_number):
        gate.wait()
        with app.app_context(), write_intent():
            for _time in range(n_people):
                digest.write_due(now=MONDAY)
                db.session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with writing() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMail)) == n_people
        written = session.scalars(select(User.digest_sent_at)).all()
        assert set(written) == {MONDAY}
