"""Somebody of whom every table that holds something about people holds something.

What only they could have written, or what says who they are, begins with "canary".
"""

from __future__ import annotations

from datetime import date

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Block,
    CameOfIt,
    CheckIn,
    CheckState,
    Claim,
    Dismissal,
    DismissalKind,
    EditState,
    EmailChange,
    ExampleState,
    Going,
    HelpRequest,
    ImportDraft,
    Introduction,
    IntroductionMessage,
    IntroductionQuestion,
    IntroductionState,
    LinkPurpose,
    MutedNotification,
    NotificationKind,
    Outcome,
    OutsideContact,
    PackFrequency,
    PackSubscription,
    PracticeExample,
    PracticeExampleTerm,
    ProfessionalTerm,
    ProgrammeEdit,
    Proposer,
    Reflection,
    RegisterCheck,
    Report,
    ReportReason,
    ReportResolution,
    SavedList,
    SavedListEntry,
    ShownSuggestion,
    Side,
    SourceFormat,
    SurveyAnswer,
    SurveyInvitation,
    SurveyResponse,
    TermField,
    TermSide,
    User,
    WouldHelp,
)
from matchmaker.services import audit, links, outbox, sessions
from matchmaker.services.surveys.keys import person_key
from tests.factories import (
    FIFE,
    NOW,
    make_introduction,
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_wave,
)


def make_somebody_known_everywhere() -> User:
    """A professional, member, lead and administrator with rows in every table."""
    user = make_lead(
        email="canary@example.org",
        name="canary-name",
        phone="canary-phone",
        password_hash="canary-hash",
        is_administrator=True,
    )
    professional = make_professional(
        user=user,
        employer="canary-employer",
        hcpc_number="canary-hcpc",
        offers_text="canary-offers",
        seeks_text="canary-seeks",
        min_age=18,
        max_age=65,
    )
    professional.areas[0].district = "KY99"
    professional.terms.append(
        ProfessionalTerm(field=TermField.CONDITION, side=TermSide.OFFERS, wording="canary-wording")
    )
    other = make_programme(name="Choir")
    introduction = _introduction(user, other)
    _rows_of_organisation(user)
    contact = OutsideContact(
        recorded_by_user_id=user.id,
        professional=professional,
        met="canary-met",
        met_on=date(2026, 11, 1),
        purpose="canary-contact",
        created_at=NOW,
    )
    db.session.add(contact)
    db.session.flush()
    db.session.add_all(
        [
            Reflection(
                professional_id=professional.id,
                outside_contact_id=contact.id,
                body="canary-reflection",
                updated_at=NOW,
            ),
            ShownSuggestion(
                shown_at=NOW,
                shown_to=Side.PROFESSIONAL,
                professional_id=professional.id,
                programme_id=other.id,
                rank=1,
                score=0.5,
                z_professional=0.1,
                z_programme=0.2,
                model_version="1",
            ),
            Dismissal(
                side=Side.PROFESSIONAL,
                professional_id=professional.id,
                programme_id=other.id,
                kind=DismissalKind.NOT_NOW,
                reason="canary-reason",
                until_at=NOW,
                created_at=NOW,
            ),
            HelpRequest(
                user_id=user.id,
                professional_id=professional.id,
                area_code=FIFE,
                words="canary-help",
                answer="canary-answer",
                created_at=NOW,
            ),
            RegisterCheck(
                professional_id=professional.id,
                requested_at=NOW,
                decided_at=NOW,
                state=CheckState.FOUND,
                decided_by_user_id=user.id,
            ),
            Block(
                side=Side.PROFESSIONAL,
                professional=professional,
                organisation=make_organisation(),
                created_by_user_id=user.id,
                created_at=NOW,
            ),
        ]
    )
    _rows_of_account(user, introduction)
    _rows_of_survey(user)
    db.session.flush()
    return user


def _introduction(user: User, programme) -> Introduction:
    """One that is over, with everything that can be written on it."""
    introduction = make_introduction(
        professional=user.professional,
        programme=programme,
        proposer_user_id=user.id,
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.COMPLETED,
        released_at=NOW,
        closed_at=NOW,
        outcome=Outcome.ACHIEVED,
        purpose="canary-purpose",
        lead_note="canary-lead-note",
        decline_note="canary-decline-note",
        closing_note="canary-closing-note",
        shared_purpose="canary-shared-purpose",
        next_step="canary-next-step",
    )
    message = IntroductionMessage(
        author=user, side=Side.PROFESSIONAL, body="canary-message", created_at=NOW
    )
    introduction.messages.append(message)
    db.session.flush()
    outbox.enqueue(
        f"introduction:{introduction.id}:message:{message.id}:programme:user:0",
        recipient="colleague@example.org",
        subject="A message",
        body="canary-message",
        extras=outbox.Extras(html="canary-message"),
        now=NOW,
    )
    answered = {
        "answered_at": NOW,
        "answered_by_user_id": user.id,
        "going": Going.GOING,
        "came_of_it": CameOfIt.PARTLY,
        "would_help": WouldHelp.TIME,
    }
    db.session.add_all(
        [
            IntroductionQuestion(
                introduction_id=introduction.id,
                side=Side.PROFESSIONAL,
                author_user_id=user.id,
                body="canary-question",
                asked_at=NOW,
                closed_at=NOW,
            ),
            IntroductionQuestion(
                introduction_id=introduction.id,
                side=Side.PROGRAMME,
                body="canary-asked-of-them",
                asked_at=NOW,
                reply="canary-reply",
                replied_by_user_id=user.id,
                replied_at=NOW,
                closed_at=NOW,
            ),
            CheckIn(
                introduction=introduction,
                months=3,
                side=Side.PROFESSIONAL,
                asked_at=NOW,
                note="canary-check-in",
                **answered,
            ),
        ]
    )
    db.session.add(
        PracticeExample(
            introduction=introduction,
            state=ExampleState.PUBLISHED,
            title="canary-title",
            did="canary-did",
            changed="canary-changed",
            took="canary-took",
            advice="canary-advice",
            profession="physiotherapist",
            area_code=FIFE,
            shows_professional=True,
            author_user_id=user.id,
            professional_agreed_at=NOW,
            professional_agreed_by_user_id=user.id,
            programme_agreed_at=NOW,
            programme_agreed_by_user_id=user.id,
            reviewed_at=NOW,
            reviewed_by_user_id=user.id,
            review_note="canary-review-note",
            published_at=NOW,
            created_at=NOW,
            updated_at=NOW,
            terms=[PracticeExampleTerm(field=TermField.CONDITION, code="stroke")],
        )
    )
    return introduction


def _rows_of_organisation(user: User) -> None:
    """What somebody leaves behind as a member of an organisation, and as a lead."""
    organisation = make_organisation(members=[user], name="Stroke Friends", email=user.email)
    programme = make_programme(
        organisation=organisation,
        name="Stroke café",
        contact_name="canary-contact-name",
        contact_email=user.email,
        contact_phone="canary-contact-phone",
    )
    make_introduction(programme=programme, proposed_by=Proposer.PROGRAMME, proposer_user_id=user.id)
    db.session.add_all(
        [
            Claim(
                organisation=make_organisation(),
                user=user,
                job="canary-job",
                evidence="canary-evidence",
                created_at=NOW,
            ),
            ProgrammeEdit(
                programme=programme,
                state=EditState.PUBLISHED,
                details={"before": None, "after": {"name": "Stroke café"}},
                based_on_version=1,
                author_user_id=user.id,
                decided_by_user_id=user.id,
                created_at=NOW,
                updated_at=NOW,
                decided_at=NOW,
            ),
            ProgrammeEdit(
                programme=programme,
                state=EditState.WAITING,
                details={
                    "before": {"name": "Stroke café"},
                    "after": {
                        "name": "Stroke café",
                        "contact_name": "canary-new-contact-name",
                        "contact_email": user.email,
                        "contact_phone": "canary-new-contact-phone",
                    },
                },
                based_on_version=1,
                created_at=NOW,
                updated_at=NOW,
            ),
            ImportDraft(
                user_id=user.id,
                source_name="canary-source",
                format=SourceFormat.CSV,
                file_name="canary.csv",
                content=b"canary-content",
                created_at=NOW,
            ),
            SavedList(
                user_id=user.id,
                name="canary-list",
                created_at=NOW,
                updated_at=NOW,
                entries=[SavedListEntry(programme_id=programme.id)],
            ),
        ]
    )
    make_introduction(
        proposed_by=Proposer.LEAD, proposer_user_id=user.id, lead_note="canary-word-of-a-lead"
    )


def _rows_of_account(user: User, introduction: Introduction) -> None:
    sessions.start_session(user, now=NOW, browser="canary-browser")
    links.create_link(
        LinkPurpose.RESET_PASSWORD,
        email=user.email,
        user=user,
        now=NOW,
        details={"answers": "canary-answers"},
    )
    links.create_link(LinkPurpose.REGISTER, email=user.email, now=NOW)
    for key, sent_at in (("sent", NOW), ("unsent", None)):
        mail = outbox.enqueue(
            f"{key}:{user.email}",
            recipient=user.email,
            subject="canary-subject",
            body="canary-body",
            extras=outbox.Extras(html="canary-html", unsubscribe_url="canary-url"),
            now=NOW,
            user=user,
        )
        mail.sent_at = sent_at
        mail.last_error = "550 canary@example.org is not here"
    outbox.enqueue("bare", recipient=user.email, subject="s", body="b", now=NOW)
    audit.record("something.happened", user, actor=user, now=NOW)
    db.session.add_all(
        [
            EmailChange(user=user, new_email="canary@example.com", requested_at=NOW),
            MutedNotification(user_id=user.id, kind=NotificationKind.DIGEST, muted_at=NOW),
            PackSubscription(
                user_id=user.id, area_code=FIFE, frequency=PackFrequency.MONTHLY, created_at=NOW
            ),
            Report(
                reporter_user_id=user.id,
                address="/glossary",
                reason=ReportReason.WRONG,
                reported_at=NOW,
                resolution=ReportResolution.CORRECTED,
                resolved_by_user_id=user.id,
                resolved_at=NOW,
            ),
        ]
    )


def _rows_of_survey(user: User) -> None:
    """A survey they prepared, were asked in, and answered in their own words."""
    wave = make_wave(created_by_user_id=user.id, opened_at=NOW)
    db.session.flush()
    invitation = SurveyInvitation(wave_id=wave.id, user_id=user.id, has_answered=True)
    answer = SurveyAnswer(
        question_id=wave.questions[-1].id, text="canary-survey", may_quote=True, is_quoted=True
    )
    response = SurveyResponse(
        wave_id=wave.id, person_key=person_key(user.id), is_sent=True, answers=[answer]
    )
    db.session.add_all([invitation, response])
