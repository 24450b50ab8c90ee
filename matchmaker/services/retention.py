"""Forgetting what has served its purpose."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, or_, select, tuple_, update

from matchmaker.extensions import db
from matchmaker.models import (
    AuditEvent,
    Claim,
    EditState,
    EmailChange,
    HelpRequest,
    ImportDraft,
    Introduction,
    IntroductionMessage,
    IntroductionQuestion,
    LinkPurpose,
    LinkToken,
    OutboxMail,
    ProgrammeEdit,
    RegisterCheck,
    Report,
    SurveyAnswer,
    SurveyInvitation,
    SurveyResponse,
    SurveyWave,
    UserSession,
)
from matchmaker.models.introduction import RELEASED_STATES
from matchmaker.services import example_withdrawals, links, sessions, throttle
from matchmaker.services.introduction_mail import TO_COLLEAGUE

# A link is kept for a while after its end, so that its page can say why it no longer works.
LINKS_KEPT = timedelta(days=14)
SESSIONS_KEPT = timedelta(days=90)
COUNTS_KEPT = timedelta(days=1)
# A sent mail's text may hold a link; the row itself keeps the same mail from being sent twice.
MAIL_TEXTS_KEPT = timedelta(days=14)
MAIL_KEPT = timedelta(days=90)
# What somebody hoped for is nobody's business any more when it came to nothing; that it was asked
# and how it ended stays, for the counts.
WORDS_OF_UNANSWERED_KEPT = timedelta(days=90)
MESSAGES_KEPT = timedelta(days=365)
# A report may quote a message, which is kept no longer for having been reported.
REPORTS_KEPT = timedelta(days=365)
AUDIT_KEPT = timedelta(days=730)
# Whether somebody works for an organisation has been decided; what they wrote has done its work.
WORDS_OF_CLAIMS_KEPT = timedelta(days=90)
# A file that was taken in may be looked at once more; one that was forgotten is nobody's.
IMPORTED_FILES_KEPT = timedelta(days=1)
UNCONFIRMED_FILES_KEPT = timedelta(days=7)
# What was not published can be gone on with for a while; who changed what is kept like the audit.
UNPUBLISHED_CHANGES_KEPT = timedelta(days=90)
CHANGES_KEPT = AUDIT_KEPT
# Who asked a lead for help, and when somebody's number was looked up, have been dealt with; what
# was found stands in the profile.
HELP_KEPT = timedelta(days=365)
CHECKS_KEPT = timedelta(days=365)
# A text that was not sent is its writer's to copy for a while. What was sent can be compared with
# what the same people say a year or two later; the figures of a survey stay.
UNSENT_ANSWERS_KEPT = timedelta(days=90)
ANSWERS_KEPT = timedelta(days=1095)


def forget_expired(*, now: datetime) -> None:
    """Delete what has been kept long enough: see the figures above and the privacy notice."""
    _forget_links_and_sessions(now)
    _forget_mail(now)
    _forget_words_of_introductions(now)
    _forget_claims_and_files(now)
    _forget_changes(now)
    _forget_answers(now)
    _forget_help(now)
    example_withdrawals.forget_expired(now=now)
    db.session.execute(delete(Report).where(Report.resolved_at < now - REPORTS_KEPT))
    db.session.execute(delete(AuditEvent).where(AuditEvent.at < now - AUDIT_KEPT))
    throttle.forget(before=now - COUNTS_KEPT)


def _forget_links_and_sessions(now: datetime) -> None:
    db.session.execute(
        delete(LinkToken).where(
            func.coalesce(LinkToken.used_at, LinkToken.expires_at) < now - LINKS_KEPT,
        )
    )
    changes_kept = links.LIFETIME[LinkPurpose.CHANGE_EMAIL] + LINKS_KEPT
    db.session.execute(delete(EmailChange).where(EmailChange.requested_at < now - changes_kept))
    db.session.execute(
        delete(UserSession).where(
            or_(
                UserSession.ended_at < now - SESSIONS_KEPT,
                UserSession.created_at < now - SESSIONS_KEPT - sessions.ABSOLUTE,
            )
        )
    )


def _forget_mail(now: datetime) -> None:
    is_over = or_(OutboxMail.sent_at.is_not(None), OutboxMail.failed_at.is_not(None))
    db.session.execute(delete(OutboxMail).where(is_over, OutboxMail.created_at < now - MAIL_KEPT))
    # A colleague whom somebody named never asked for anything: their address goes with the mail.
    db.session.execute(delete(OutboxMail).where(is_over, OutboxMail.kind == TO_COLLEAGUE))
    # The last mail to somebody whose account is gone is all that still has their address.
    db.session.execute(
        delete(OutboxMail).where(
            is_over,
            OutboxMail.kind == "account_erased",
            OutboxMail.created_at < now - MAIL_TEXTS_KEPT,
        )
    )
    db.session.execute(
        update(OutboxMail)
        .where(is_over, OutboxMail.created_at < now - MAIL_TEXTS_KEPT, OutboxMail.body != "")
        .values(body="", html="", unsubscribe_url="")
    )


def _forget_claims_and_files(now: datetime) -> None:
    db.session.execute(
        update(Claim)
        .where(
            Claim.decided_at < now - WORDS_OF_CLAIMS_KEPT,
            or_(Claim.job != "", Claim.evidence != "", Claim.decision_note != ""),
        )
        .values(job="", evidence="", decision_note="")
    )
    db.session.execute(
        delete(ImportDraft).where(
            or_(
                ImportDraft.confirmed_at < now - IMPORTED_FILES_KEPT,
                and_(
                    ImportDraft.confirmed_at.is_(None),
                    ImportDraft.created_at < now - UNCONFIRMED_FILES_KEPT,
                ),
            )
        )
    )


def _forget_changes(now: datetime) -> None:
    """Decided changes of programmes; what is published stays in the programme's own row."""
    for state, kept in (
        (EditState.PUBLISHED, CHANGES_KEPT),
        (EditState.SENT_BACK, UNPUBLISHED_CHANGES_KEPT),
        (EditState.DISCARDED, UNPUBLISHED_CHANGES_KEPT),
    ):
        is_old = (ProgrammeEdit.state == state, ProgrammeEdit.decided_at < now - kept)
        db.session.execute(delete(ProgrammeEdit).where(*is_old))


def _forget_help(now: datetime) -> None:
    db.session.execute(delete(HelpRequest).where(HelpRequest.closed_at < now - HELP_KEPT))
    db.session.execute(delete(RegisterCheck).where(RegisterCheck.decided_at < now - CHECKS_KEPT))


def _forget_answers(now: datetime) -> None:
    """What people said in surveys, and who was asked."""
    closed_long_ago = select(SurveyWave.id).where(SurveyWave.closed_at < now - ANSWERS_KEPT)
    closed = select(SurveyWave.id).where(SurveyWave.closed_at < now - UNSENT_ANSWERS_KEPT)
    for table in (SurveyAnswer, SurveyResponse, SurveyInvitation):
        db.session.execute(delete(table).where(table.wave_id.in_(closed_long_ago)))
    is_unsent = SurveyResponse.is_sent.is_(False) & SurveyResponse.wave_id.in_(closed)
    unsent = select(SurveyResponse.wave_id, SurveyResponse.person_key).where(is_unsent)
    of_person = tuple_(SurveyAnswer.wave_id, SurveyAnswer.person_key)
    db.session.execute(delete(SurveyAnswer).where(of_person.in_(unsent)))
    db.session.execute(delete(SurveyResponse).where(is_unsent))


def _forget_words_of_introductions(now: datetime) -> None:
    db.session.execute(
        update(Introduction)
        .where(
            Introduction.state.not_in(RELEASED_STATES),
            Introduction.closed_at < now - WORDS_OF_UNANSWERED_KEPT,
            Introduction.purpose != "",
        )
        .values(purpose="", lead_note="", decline_note="")
    )
    unanswered = select(Introduction.id).where(
        Introduction.state.not_in(RELEASED_STATES),
        Introduction.closed_at < now - WORDS_OF_UNANSWERED_KEPT,
    )
    closed_long_ago = select(Introduction.id).where(Introduction.closed_at < now - MESSAGES_KEPT)
    db.session.execute(
        delete(IntroductionMessage).where(IntroductionMessage.introduction_id.in_(closed_long_ago))
    )
    db.session.execute(
        delete(IntroductionQuestion).where(
            or_(
                IntroductionQuestion.introduction_id.in_(unanswered),
                IntroductionQuestion.introduction_id.in_(closed_long_ago),
            )
        )
    )
