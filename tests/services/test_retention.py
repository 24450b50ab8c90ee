from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from matchmaker.models import (
    Answer,
    AuditEvent,
    Claim,
    ClaimState,
    EditState,
    EmailChange,
    EndReason,
    ImportDraft,
    IntroductionMessage,
    IntroductionQuestion,
    IntroductionState,
    LinkPurpose,
    LinkToken,
    OutboxMail,
    ProgrammeEdit,
    Report,
    ReportReason,
    ReportResolution,
    Side,
    SourceFormat,
    SurveyAnswer,
    SurveyInvitation,
    SurveyWave,
    ThrottleCount,
    UserSession,
)
from matchmaker.services import audit, outbox, throttle
from matchmaker.services.introduction_mail import TO_COLLEAGUE
from matchmaker.services.links import create_link, get_link, use_link
from matchmaker.services.retention import forget_expired
from matchmaker.services.sessions import end_all_sessions, start_session
from tests.factories import (
    NOW,
    make_answers,
    make_introduction,
    make_organisation,
    make_programme,
    make_user,
    make_wave,
)
from tests.web.world import waiting_edit

DAY = timedelta(days=1)


def enqueue(key, **values):
    mail = outbox.enqueue(key, recipient="a@example.org", subject="s", body="b", now=NOW)
    for name, value in values.items():
        setattr(mail, name, value)
    return mail


def test_links_are_forgotten_two_weeks_after_their_end(session):
    used = create_link(LinkPurpose.REGISTER, email="used@example.org", now=NOW)
    create_link(LinkPurpose.REGISTER, email="unused@example.org", now=NOW)
    use_link(get_link(used, LinkPurpose.REGISTER, now=NOW), now=NOW)
    emails = select(LinkToken.email).order_by(LinkToken.id)
    forget_expired(now=NOW + 13 * DAY)
    assert session.scalars(emails).all() == ["used@example.org", "unused@example.org"]
    forget_expired(now=NOW + 15 * DAY)
    assert session.scalars(emails).all() == ["unused@example.org"]
    forget_expired(now=NOW + 18 * DAY)
    assert session.scalars(emails).all() == []


def test_sessions_are_forgotten_after_ninety_days(session):
    user = make_user()
    start_session(user, now=NOW)
    end_all_sessions(user, now=NOW)
    start_session(user, now=NOW + DAY)
    rows = select(UserSession)
    forget_expired(now=NOW + 90 * DAY)
    assert len(session.scalars(rows).all()) == 2
    forget_expired(now=NOW + 90 * DAY + timedelta(minutes=1))
    assert len(session.scalars(rows).all()) == 1
    forget_expired(now=NOW + 92 * DAY)
    assert session.scalars(rows).all() == []


def test_words_of_a_claim_are_forgotten_ninety_days_after_it_was_decided(session):
    words = {"job": "Chair", "evidence": "Ring us.", "decision_note": "Sorry."}
    for state in ClaimState:
        decided_at = None if state is ClaimState.WAITING else NOW
        session.add(
            Claim(
                organisation=make_organisation(),
                user=make_user(),
                state=state,
                created_at=NOW,
                decided_at=decided_at,
                **words,
            )
        )
    session.flush()
    kept = select(Claim.state).where(
        Claim.job == "Chair", Claim.evidence == "Ring us.", Claim.decision_note == "Sorry."
    )
    forget_expired(now=NOW + 90 * DAY)
    assert set(session.scalars(kept)) == set(ClaimState)
    forget_expired(now=NOW + 91 * DAY)
    assert session.scalars(kept).all() == [ClaimState.WAITING]
    assert set(session.scalars(select(Claim.job))) == {"", "Chair"}


def test_files_are_forgotten_a_day_after_they_were_taken_in_and_a_week_after_nothing(session):
    for name, confirmed_at in (("taken.csv", NOW), ("forgotten.csv", None)):
        session.add(
            ImportDraft(
                user_id=make_user().id,
                source_name="A list",
                format=SourceFormat.CSV,
                file_name=name,
                content=b"name",
                created_at=NOW,
                confirmed_at=confirmed_at,
            )
        )
    session.flush()
    names = select(ImportDraft.file_name).order_by(ImportDraft.id)
    forget_expired(now=NOW + DAY)
    assert session.scalars(names).all() == ["taken.csv", "forgotten.csv"]
    forget_expired(now=NOW + 2 * DAY)
    forget_expired(now=NOW + 7 * DAY)
    assert session.scalars(names).all() == ["forgotten.csv"]
    forget_expired(now=NOW + 8 * DAY)
    assert session.scalars(names).all() == []


def test_counts_of_failures_are_forgotten_after_a_day(session):
    throttle.take([throttle.Key(throttle.ACCOUNT, "a")], now=NOW)
    forget_expired(now=NOW + DAY)
    assert session.scalar(select(ThrottleCount)) is not None
    forget_expired(now=NOW + DAY + throttle.FIVE_MINUTES)
    assert session.scalar(select(ThrottleCount)) is None


def test_text_of_a_sent_mail_goes_first_and_the_row_later(session):
    enqueue("sent", sent_at=NOW)
    enqueue("failed", failed_at=NOW)
    enqueue("waiting")
    session.flush()
    texts = select(OutboxMail.dedupe_key, OutboxMail.body).order_by(OutboxMail.id)
    forget_expired(now=NOW + 14 * DAY)
    assert session.execute(texts).all() == [("sent", "b"), ("failed", "b"), ("waiting", "b")]
    forget_expired(now=NOW + 15 * DAY)
    assert session.execute(texts).all() == [("sent", ""), ("failed", ""), ("waiting", "b")]
    forget_expired(now=NOW + 91 * DAY)
    assert session.execute(texts).all() == [("waiting", "b")]


def test_the_words_of_an_introduction_that_came_to_nothing_go_and_the_fact_stays(session):
    gone = make_introduction(
        state=IntroductionState.EXPIRED, closed_at=NOW, purpose="To meet", lead_note="A word"
    )
    kept = make_introduction(purpose="To meet")
    forget_expired(now=NOW + 90 * DAY)
    session.refresh(gone)
    assert gone.purpose == "To meet"
    forget_expired(now=NOW + 91 * DAY)
    session.refresh(gone)
    assert (gone.purpose, gone.lead_note) == ("", "")
    assert gone.state is IntroductionState.EXPIRED
    session.refresh(kept)
    assert kept.purpose == "To meet"


def test_the_address_of_a_named_colleague_goes_with_the_mail(session):
    enqueue("to a colleague", kind=TO_COLLEAGUE)
    enqueue("to somebody else", sent_at=NOW)
    session.flush()
    keys = select(OutboxMail.dedupe_key).order_by(OutboxMail.id)
    forget_expired(now=NOW + DAY)
    assert session.scalars(keys).all() == ["to a colleague", "to somebody else"]
    session.execute(update(OutboxMail).values(sent_at=NOW))
    forget_expired(now=NOW + DAY)
    assert session.scalars(keys).all() == ["to somebody else"]


def test_questions_go_with_the_words_of_their_introduction(session):
    ended = {
        "professional_answer": Answer.YES,
        "programme_answer": Answer.YES,
        "state": IntroductionState.ENDED,
        "released_at": NOW,
        "closed_at": NOW,
        "end_reason": EndReason.OTHER,
    }
    for body, values in (
        ("came to nothing", {"state": IntroductionState.EXPIRED, "closed_at": NOW}),
        ("ended", ended),
        ("is open", {}),
    ):
        session.add(
            IntroductionQuestion(
                introduction_id=make_introduction(**values).id,
                side=Side.PROGRAMME,
                body=body,
                asked_at=NOW,
                closed_at=NOW,
            )
        )
    session.flush()
    questions = select(IntroductionQuestion.body).order_by(IntroductionQuestion.id)
    forget_expired(now=NOW + 90 * DAY)
    assert len(session.scalars(questions).all()) == 3
    forget_expired(now=NOW + 91 * DAY)
    assert session.scalars(questions).all() == ["ended", "is open"]
    forget_expired(now=NOW + 366 * DAY)
    assert session.scalars(questions).all() == ["is open"]


def test_messages_go_a_year_after_the_end(session):
    introduction = make_introduction(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ENDED,
        released_at=NOW,
        closed_at=NOW,
        end_reason=EndReason.OTHER,
    )
    introduction.messages = [IntroductionMessage(side=Side.PROGRAMME, body="Hello", created_at=NOW)]
    session.flush()
    messages = select(IntroductionMessage.body)
    forget_expired(now=NOW + 365 * DAY)
    assert session.scalars(messages).all() == ["Hello"]
    forget_expired(now=NOW + 366 * DAY)
    assert session.scalars(messages).all() == []


def test_the_record_of_important_steps_goes_after_two_years(session):
    audit.record("something.happened", make_user(), actor=None, now=NOW)
    session.flush()
    actions = select(AuditEvent.action)
    forget_expired(now=NOW + 730 * DAY)
    assert session.scalars(actions).all() == ["something.happened"]
    forget_expired(now=NOW + 731 * DAY)
    assert session.scalars(actions).all() == []


def test_a_report_and_the_message_it_quotes_go_a_year_after_it_was_dealt_with(session):
    values = {"address": "/x", "quoted": "Hello", "reason": ReportReason.UNKIND, "note": ""}
    done = {"resolution": ReportResolution.REMOVED, "resolved_at": NOW}
    session.add(Report(**values, **done, reported_at=NOW))
    session.add(Report(**values, reported_at=NOW, message_id=None))
    session.flush()
    resolutions = select(Report.resolution).order_by(Report.id)
    forget_expired(now=NOW + 365 * DAY)
    assert session.scalars(resolutions).all() == [ReportResolution.REMOVED, None]
    forget_expired(now=NOW + 366 * DAY)
    assert session.scalars(resolutions).all() == [None]


def test_an_address_somebody_wanted_to_have_goes_with_the_links(session):
    session.add(EmailChange(user=make_user(), new_email="new@example.org", requested_at=NOW))
    session.flush()
    addresses = select(EmailChange.new_email)
    forget_expired(now=NOW + 17 * DAY)
    assert session.scalars(addresses).all() == ["new@example.org"]
    forget_expired(now=NOW + 18 * DAY)
    assert session.scalars(addresses).all() == []


def test_changes_that_were_not_published_go_after_ninety_days_and_others_with_the_audit(session):
    programme, user = make_programme(), make_user()
    decided = (EditState.PUBLISHED, EditState.SENT_BACK, EditState.DISCARDED)
    for state in decided:
        edit = waiting_edit(programme, user, NOW)
        edit.state, edit.decided_at = state, NOW
        session.flush()
    waiting_edit(programme, user, NOW)

    def kept(days):
        forget_expired(now=NOW + days * DAY)
        return set(session.scalars(select(ProgrammeEdit.state)))

    assert kept(90) == {EditState.WAITING, *decided}
    assert kept(91) == {EditState.WAITING, EditState.PUBLISHED}
    assert kept(730) == {EditState.WAITING, EditState.PUBLISHED}
    assert kept(731) == {EditState.WAITING}


def test_answers_of_surveys_go_after_three_years_and_those_not_sent_after_ninety_days(session):
    closed = {"opened_at": NOW, "closed_at": NOW}
    wave, is_open = make_wave(**closed), make_wave(opened_at=NOW)
    make_answers(wave, make_user(), works_other="Sent.")
    make_answers(wave, make_user(), is_sent=False, works_other="Not sent.")
    make_answers(is_open, make_user(), is_sent=False, works_other="Still open.")

    def kept(days):
        forget_expired(now=NOW + days * DAY)
        return set(session.scalars(select(SurveyAnswer.text)))

    assert kept(90) == {"Sent.", "Not sent.", "Still open."}
    assert kept(91) == {"Sent.", "Still open."}
    assert kept(1095) == {"Sent.", "Still open."}
    assert len(session.scalars(select(SurveyInvitation)).all()) == 3
    assert kept(1096) == {"Still open."}
    assert len(session.scalars(select(SurveyInvitation)).all()) == 1
    assert session.get(SurveyWave, wave.id).figures is not None
