"""What each table holds about a person and is given to them when they ask what is held.

What is left out stands in `personal_data_left_out.py`. A test compares both with the tables:
whoever adds a column decides whether people get it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, and_, or_, select

from matchmaker.extensions import Base
from matchmaker.models import (
    Answer,
    AuditEvent,
    Block,
    CheckIn,
    Claim,
    Dismissal,
    EmailChange,
    HelpRequest,
    ImportDraft,
    Introduction,
    IntroductionMessage,
    IntroductionQuestion,
    LeadScope,
    LinkToken,
    Membership,
    MutedNotification,
    Organisation,
    OutboxMail,
    OutsideContact,
    PackSubscription,
    PracticeExample,
    PracticeExampleTerm,
    Professional,
    ProfessionalArea,
    ProfessionalTerm,
    Programme,
    ProgrammeEdit,
    Reflection,
    RegisterCheck,
    Report,
    SavedList,
    SavedListEntry,
    ShownSuggestion,
    Side,
    SurveyAnswer,
    SurveyInvitation,
    SurveyResponse,
    SurveyWave,
    User,
    UserSession,
)
from matchmaker.services import programme_history
from matchmaker.services.surveys.keys import person_key


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data are gathered; `professional_id` is -1, which no row has, without a profile."""

    user_id: int
    professional_id: int
    email: str


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one table. `hides` names columns that this person may not see of a row."""

    key: str
    title: LazyString
    model: type[Base]
    of: Callable[[Person], ColumnElement[bool]]
    columns: Mapping[str, LazyString]
    hides: Callable[[Base], frozenset[str]] = field(default=lambda _row: frozenset())


def _as_professional(person: Person) -> ColumnElement[bool]:
    return Introduction.professional_id == person.professional_id


def _own_introductions(person: Person) -> ColumnElement[bool]:
    """For tables that lean on introductions."""
    return select(Introduction.id).where(_as_professional(person)).scalar_subquery()


def _messages(person: Person) -> ColumnElement[bool]:
    """What the person wrote, and what was written to them while they may read it."""
    readable = select(Introduction.id).where(
        _as_professional(person), Introduction.released_at.is_not(None)
    )
    return or_(
        IntroductionMessage.author_user_id == person.user_id,
        IntroductionMessage.introduction_id.in_(readable),
    )


def _questions(person: Person) -> ColumnElement[bool]:
    return or_(
        IntroductionQuestion.author_user_id == person.user_id,
        IntroductionQuestion.replied_by_user_id == person.user_id,
        IntroductionQuestion.introduction_id.in_(_own_introductions(person)),
    )


def _check_ins(person: Person) -> ColumnElement[bool]:
    return or_(
        CheckIn.answered_by_user_id == person.user_id,
        and_(
            CheckIn.side == Side.PROFESSIONAL,
            CheckIn.introduction_id.in_(_own_introductions(person)),
        ),
    )


def _examples(person: Person) -> ColumnElement[bool]:
    """What is told of their own introductions, and what they wrote or agreed to for others."""
    return or_(
        PracticeExample.introduction_id.in_(_own_introductions(person)),
        PracticeExample.author_user_id == person.user_id,
        PracticeExample.programme_agreed_by_user_id == person.user_id,
    )


def _blocks(person: Person) -> ColumnElement[bool]:
    # Never by whom somebody is blocked.
    return or_(
        Block.created_by_user_id == person.user_id,
        and_(Block.side == Side.PROFESSIONAL, Block.professional_id == person.professional_id),
    )


def _not_for_the_professional(row: Base) -> frozenset[str]:
    """A refusal of the other side is private, and what was shared is hidden once it is over."""
    if not isinstance(row, Introduction):
        raise TypeError(row)
    hidden = set()
    if row.professional_answer is not Answer.NO:
        hidden |= {"decline_reason", "decline_note", "passed_to_programme_id"}
    if not row.is_released:
        hidden |= {"shared_purpose", "next_step", "next_step_on", "closing_note"}
    return frozenset(hidden)


WHEN = _l("When")
WRITTEN = _l("Written on")
PROGRAMME = _l("Programme")
ORGANISATION = _l("Organisation")
INTRODUCTION = _l("Number of the introduction")
SIDE = _l("For which side")
EXAMPLE = _l("Number of the practice example")
SURVEY = _l("Survey")
KIND = _l("Kind")

PARTS: tuple[Part, ...] = (
    Part(
        "account",
        _l("Your account"),
        User,
        lambda person: User.id == person.user_id,
        {
            "name": _l("Name"),
            "email": _l("E-mail address"),
            "phone": _l("Phone"),
            "is_administrator": _l("Administrator"),
            "created_at": _l("Account since"),
            "password_changed_at": _l("Password changed"),
            "last_active_on": _l("Last here on"),
            "bounced_at": _l("Mail to you was refused"),
            "quiet_from_hour": _l("No mail from this hour"),
            "quiet_until_hour": _l("Mail again from this hour"),
            "digest_sent_at": _l("Last weekly mail"),
        },
    ),
    Part(
        "areas_led",
        _l("Areas you look after"),
        LeadScope,
        lambda person: LeadScope.user_id == person.user_id,
        {"area_code": _l("Area")},
    ),
    Part(
        "sessions",
        _l("Where you signed in"),
        UserSession,
        lambda person: UserSession.user_id == person.user_id,
        {
            "browser": _l("Browser"),
            "created_at": _l("Signed in"),
            "last_used_at": _l("Last used"),
            "ended_at": _l("Ended"),
        },
    ),
    Part(
        "email_changes",
        _l("Changes of your e-mail address"),
        EmailChange,
        lambda person: EmailChange.user_id == person.user_id,
        {
            "new_email": _l("New address"),
            "requested_at": _l("Asked for"),
            "old_confirmed_at": _l("Confirmed at the old address"),
            "new_confirmed_at": _l("Confirmed at the new address"),
            "cancelled_at": _l("Stopped"),
            "done_at": _l("Changed"),
        },
    ),
    Part(
        "links",
        _l("Links we mailed to you"),
        LinkToken,
        lambda person: or_(LinkToken.user_id == person.user_id, LinkToken.email == person.email),
        {
            "purpose": _l("What for"),
            "email": _l("Sent to"),
            "details": _l("What it was about"),
            "created_at": _l("Sent"),
            "expires_at": _l("Good until"),
            "used_at": _l("Used"),
        },
    ),
    Part(
        "mails",
        _l("Mails to you"),
        OutboxMail,
        lambda person: or_(
            OutboxMail.user_id == person.user_id, OutboxMail.recipient == person.email
        ),
        {
            "kind": KIND,
            "recipient": _l("Sent to"),
            "subject": _l("Subject"),
            "created_at": WRITTEN,
            "send_after_at": _l("Not before"),
            "sent_at": _l("Sent"),
            "failed_at": _l("Given up"),
            "last_error": _l("What the mail server said"),
        },
    ),
    Part(
        "mails_switched_off",
        _l("Mails you switched off"),
        MutedNotification,
        lambda person: MutedNotification.user_id == person.user_id,
        {"kind": KIND, "muted_at": WHEN},
    ),
    Part(
        "memberships",
        _l("Organisations you belong to"),
        Membership,
        lambda person: Membership.user_id == person.user_id,
        {
            "organisation_id": ORGANISATION,
            "role": _l("What you may do"),
            "created_at": _l("Since"),
        },
    ),
    Part(
        "claims",
        _l("Organisations you asked to look after"),
        Claim,
        lambda person: Claim.user_id == person.user_id,
        {
            "organisation_id": ORGANISATION,
            "job": _l("Your job there"),
            "evidence": _l("How we can check it"),
            "state": _l("What became of it"),
            "by_domain": _l("Your address is at their domain"),
            "created_at": WHEN,
            "decided_at": _l("Decided"),
            "decision_note": _l("What we wrote to you"),
        },
    ),
    Part(
        "edits",
        _l("Changes of programmes that you wrote"),
        ProgrammeEdit,
        lambda person: ProgrammeEdit.author_user_id == person.user_id,
        {
            "programme_id": PROGRAMME,
            "state": _l("What became of it"),
            "details": _l("What you wrote"),
            "created_at": WRITTEN,
            "updated_at": _l("Last changed"),
            "decided_at": _l("Decided"),
        },
    ),
    Part(
        "edits_naming_you",
        _l("Changes of programmes that name you as their contact"),
        ProgrammeEdit,
        lambda person: programme_history.is_naming(person.email),
        {"programme_id": PROGRAMME, "state": _l("What became of it"), "created_at": WRITTEN},
    ),
    Part(
        "imports",
        _l("Files you are importing"),
        ImportDraft,
        lambda person: ImportDraft.user_id == person.user_id,
        {
            "source_name": _l("From whom"),
            "format": KIND,
            "file_name": _l("Name of the file"),
            "organisation_id": ORGANISATION,
            "created_at": WHEN,
            "confirmed_at": _l("Confirmed"),
        },
    ),
    Part(
        "lists",
        _l("Lists you keep"),
        SavedList,
        lambda person: SavedList.user_id == person.user_id,
        {
            "id": _l("Number of the list"),
            "name": _l("Name"),
            "created_at": _l("Begun"),
            "updated_at": _l("Last changed"),
        },
    ),
    Part(
        "list_entries",
        _l("What is on your lists"),
        SavedListEntry,
        lambda person: SavedListEntry.saved_list_id.in_(
            select(SavedList.id).where(SavedList.user_id == person.user_id)
        ),
        {"saved_list_id": _l("Number of the list"), "programme_id": PROGRAMME},
    ),
    Part(
        "packs",
        _l("Figures you are told of"),
        PackSubscription,
        lambda person: PackSubscription.user_id == person.user_id,
        {
            "area_code": _l("Area"),
            "frequency": _l("How often"),
            "created_at": _l("Since"),
            "told_of": _l("Last told of"),
        },
    ),
    Part(
        "organisations_naming_you",
        _l("Organisations that name your address"),
        Organisation,
        lambda person: Organisation.email == person.email,
        {
            "name": ORGANISATION,
            "email": _l("E-mail address"),
            "phone": _l("Phone"),
            "postcode": _l("Postcode"),
        },
    ),
    Part(
        "programmes_naming_you",
        _l("Programmes that name you as their contact"),
        Programme,
        lambda person: Programme.contact_email == person.email,
        {
            "name": PROGRAMME,
            "contact_name": _l("Contact"),
            "contact_email": _l("E-mail address"),
            "contact_phone": _l("Phone"),
        },
    ),
    Part(
        "profile",
        _l("Your profile"),
        Professional,
        lambda person: Professional.id == person.professional_id,
        {
            "profession": _l("Profession"),
            "setting": _l("Where you see people"),
            "employer": _l("Who you work for"),
            "hcpc_number": _l("HCPC number"),
            "hcpc_checked_at": _l("HCPC number checked"),
            "offers_text": _l("What you can offer"),
            "seeks_text": _l("What you are looking for"),
            "min_age": _l("Youngest age"),
            "max_age": _l("Oldest age"),
            "delivery": _l("How you meet"),
            "is_willing_to_signpost": _l("Willing to tell people about a programme"),
            "is_willing_to_refer": _l("Willing to refer people"),
            "is_willing_to_advise": _l("Willing to advise or train"),
            "is_willing_to_run_together": _l("Willing to run something together"),
            "is_findable": _l("Organisations may find you"),
            "is_available": _l("Time for introductions"),
            "available_again_on": _l("Time again from"),
            "created_at": _l("Started"),
            "updated_at": _l("Changed"),
        },
    ),
    Part(
        "profile_areas",
        _l("Where you work"),
        ProfessionalArea,
        lambda person: ProfessionalArea.professional_id == person.professional_id,
        {"area_code": _l("Area"), "district": _l("Postcode area")},
    ),
    Part(
        "profile_terms",
        _l("Conditions and ways of working in your profile"),
        ProfessionalTerm,
        lambda person: ProfessionalTerm.professional_id == person.professional_id,
        {
            "field": KIND,
            "side": _l("Offered or looked for"),
            "wording": _l("In your words"),
            "code": _l("What we call it"),
        },
    ),
    Part(
        "introductions",
        _l("Your introductions"),
        Introduction,
        _as_professional,
        {
            "id": INTRODUCTION,
            "programme_id": PROGRAMME,
            "proposed_by": _l("Who asked"),
            "state": _l("How it stands"),
            "professional_answer": _l("Your answer"),
            "professional_answered_at": _l("You answered"),
            "purpose": _l("What for"),
            "lead_note": _l("Note of a lead"),
            "proposed_at": _l("Asked for"),
            "answer_due_at": _l("To be answered by"),
            "reminded_at": _l("Reminded"),
            "waiting_for": _l("Waits for"),
            "waiting_since_at": _l("Waits since"),
            "released_at": _l("Introduced"),
            "began_at": _l("Began to work together"),
            "state_changed_at": _l("Changed"),
            "closed_at": _l("Closed"),
            "decline_reason": _l("Why you said no"),
            "decline_note": _l("Your note"),
            "superseded_because": _l("Why it could not go on"),
            "passed_to_programme_id": _l("Passed on to"),
            "end_reason": _l("Why it ended"),
            "outcome": _l("What came of it"),
            "closing_note": _l("What was said at the end"),
            "shared_purpose": _l("What you agreed to achieve"),
            "next_step": _l("Next step"),
            "next_step_on": _l("Next step on"),
            "example_offered_at": _l("Offered as an example"),
        },
        _not_for_the_professional,
    ),
    Part(
        "proposals",
        _l("Introductions you asked for or suggested, for an organisation or as a lead"),
        Introduction,
        lambda person: and_(
            Introduction.proposer_user_id == person.user_id,
            Introduction.professional_id != person.professional_id,
        ),
        {
            "id": INTRODUCTION,
            "programme_id": PROGRAMME,
            "proposed_by": _l("Who asked"),
            "purpose": _l("What for"),
            "lead_note": _l("Note of a lead"),
            "proposed_at": _l("Asked for"),
        },
    ),
    Part(
        "messages",
        _l("Messages"),
        IntroductionMessage,
        _messages,
        {
            "introduction_id": INTRODUCTION,
            "side": _l("Written by"),
            "body": _l("Text"),
            "created_at": WRITTEN,
        },
    ),
    Part(
        "questions",
        _l("Questions before an answer"),
        IntroductionQuestion,
        _questions,
        {
            "introduction_id": INTRODUCTION,
            "side": _l("Asked by"),
            "body": _l("Question"),
            "asked_at": _l("Asked"),
            "reply": _l("Reply"),
            "replied_at": _l("Replied"),
            "closed_at": _l("Over"),
        },
    ),
    Part(
        "check_ins",
        _l("How it is going"),
        CheckIn,
        _check_ins,
        {
            "introduction_id": INTRODUCTION,
            "months": _l("After so many months"),
            "side": SIDE,
            "asked_at": _l("Asked"),
            "answered_at": _l("Answered"),
            "going": _l("Still going"),
            "came_of_it": _l("What came of it"),
            "would_help": _l("What would help"),
            "note": _l("Note"),
        },
    ),
    Part(
        "examples",
        _l("Practice examples you tell"),
        PracticeExample,
        _examples,
        {
            "id": EXAMPLE,
            "introduction_id": INTRODUCTION,
            "state": _l("How it stands"),
            "title": _l("Title"),
            "did": _l("What you did"),
            "changed": _l("What changed"),
            "took": _l("What it took"),
            "advice": _l("Advice to others"),
            "profession": _l("Profession that is told"),
            "area_code": _l("Area"),
            "shows_professional": _l("Names the professional"),
            "shows_organisation": _l("Names the organisation"),
            "is_kept_when_erased": _l("Stays without the name when the account goes"),
            "professional_agreed_at": _l("The professional agreed"),
            "programme_agreed_at": _l("The organisation agreed"),
            "reviewed_at": _l("Read by a lead"),
            "review_note": _l("Note of a lead"),
            "published_at": _l("Published"),
            "taken_down_at": _l("Taken down"),
            "withdrawn_at": _l("Withdrawn"),
            "created_at": _l("Begun"),
            "updated_at": _l("Last changed"),
        },
    ),
    Part(
        "example_terms",
        _l("What your practice examples are about"),
        PracticeExampleTerm,
        lambda person: PracticeExampleTerm.practice_example_id.in_(
            select(PracticeExample.id).where(_examples(person))
        ),
        {"practice_example_id": EXAMPLE, "field": KIND, "code": _l("What we call it")},
    ),
    Part(
        "help_requests",
        _l("When you asked a lead for help"),
        HelpRequest,
        lambda person: HelpRequest.user_id == person.user_id,
        {
            "organisation_id": _l("Asked for"),
            "area_code": _l("Area"),
            "words": _l("What you look for"),
            "state": _l("How it stands"),
            "created_at": WHEN,
            "taken_at": _l("A lead looks after it since"),
            "closed_at": _l("Over"),
            "answer": _l("What the lead answered"),
        },
    ),
    Part(
        "register_checks",
        _l("Checks of your registration"),
        RegisterCheck,
        lambda person: RegisterCheck.professional_id == person.professional_id,
        {
            "state": _l("What was found"),
            "requested_at": _l("Asked for"),
            "decided_at": _l("Decided"),
        },
    ),
    Part(
        "contacts_elsewhere",
        _l("Contacts made elsewhere"),
        OutsideContact,
        lambda person: or_(
            OutsideContact.recorded_by_user_id == person.user_id,
            OutsideContact.professional_id == person.professional_id,
        ),
        {
            "id": _l("Number of the contact"),
            "organisation_id": _l("Written down for"),
            "met": _l("Whom"),
            "met_on": WHEN,
            "purpose": _l("What for"),
            "programme_id": PROGRAMME,
            "introduction_id": INTRODUCTION,
            "created_at": WRITTEN,
        },
    ),
    Part(
        "reflections",
        _l("Your reflections"),
        Reflection,
        lambda person: Reflection.professional_id == person.professional_id,
        {
            "introduction_id": INTRODUCTION,
            "outside_contact_id": _l("Number of the contact"),
            "body": _l("Text"),
            "updated_at": WRITTEN,
        },
    ),
    Part(
        "suggestions",
        _l("Suggestions you were shown, and where you were suggested"),
        ShownSuggestion,
        lambda person: ShownSuggestion.professional_id == person.professional_id,
        {
            "shown_at": WHEN,
            "shown_to": _l("Shown to"),
            "programme_id": PROGRAMME,
            "rank": _l("Place in the list"),
            "score": _l("Score"),
            "z_professional": _l("Score of your side"),
            "z_programme": _l("Score of their side"),
            "inputs": _l("What the score was made of"),
            "model_version": _l("Version of the calculation"),
            "propensity": _l("How probable it was"),
            "is_unexpected": _l("From outside the usual"),
        },
    ),
    Part(
        "put_aside",
        _l("Suggestions you put aside"),
        Dismissal,
        lambda person: and_(
            Dismissal.side == Side.PROFESSIONAL,
            Dismissal.professional_id == person.professional_id,
        ),
        {
            "programme_id": PROGRAMME,
            "kind": KIND,
            "reason": _l("Why"),
            "until_at": _l("Until"),
            "created_at": WHEN,
        },
    ),
    Part(
        "blocked",
        _l("Whom you blocked"),
        Block,
        _blocks,
        {"side": SIDE, "organisation_id": ORGANISATION, "created_at": WHEN},
    ),
    Part(
        "reports",
        _l("What you reported"),
        Report,
        lambda person: Report.reporter_user_id == person.user_id,
        {
            "address": _l("Page"),
            "quoted": _l("Message"),
            "reason": _l("What is wrong"),
            "note": _l("Your note"),
            "reported_at": WHEN,
            "resolution": _l("What was done"),
            "resolved_at": _l("Done"),
        },
    ),
    Part(
        "surveys_prepared",
        _l("Surveys you prepared"),
        SurveyWave,
        lambda person: SurveyWave.created_by_user_id == person.user_id,
        {"title": SURVEY, "area_code": _l("Area"), "created_at": WHEN},
    ),
    Part(
        "surveys_asked",
        _l("Surveys you were asked to answer"),
        SurveyInvitation,
        lambda person: SurveyInvitation.user_id == person.user_id,
        {
            "wave_id": SURVEY,
            "has_answered": _l("You have answered"),
            "mailed_at": _l("Invited"),
            "reminded_at": _l("Reminded"),
        },
    ),
    Part(
        "surveys_begun",
        _l("Surveys you began to answer"),
        SurveyResponse,
        lambda person: SurveyResponse.person_key == person_key(person.user_id),
        {"wave_id": SURVEY, "is_sent": _l("You have sent your answers")},
    ),
    Part(
        "survey_answers",
        _l("What you answered in surveys"),
        SurveyAnswer,
        lambda person: SurveyAnswer.person_key == person_key(person.user_id),
        {
            "wave_id": SURVEY,
            "question_id": _l("Question"),
            "choice": _l("Your choice"),
            "text": _l("In your words"),
            "may_quote": _l("Your words may be quoted"),
            "is_quoted": _l("Your words are quoted"),
        },
    ),
    Part(
        "steps",
        _l("Important steps"),
        AuditEvent,
        lambda person: or_(
            AuditEvent.actor_user_id == person.user_id,
            and_(AuditEvent.subject_type == "user", AuditEvent.subject_id == person.user_id),
        ),
        {
            "at": WHEN,
            "action": _l("What"),
            "subject_type": _l("To what"),
            "details": _l("More"),
        },
    ),
)
