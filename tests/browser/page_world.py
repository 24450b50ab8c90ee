"""The world of `tests/web/world.py`, and on top of it every state that a page has words for.

Each function adds rows and returns what they are called in the addresses of `page_cases.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    CameOfIt,
    CheckIn,
    CheckState,
    Claim,
    DeclineReason,
    DismissalKind,
    EditState,
    EmailChange,
    EndReason,
    EvidenceReport,
    ExampleState,
    Frequency,
    Going,
    HelpRequest,
    HelpState,
    Introduction,
    IntroductionMessage,
    IntroductionQuestion,
    IntroductionState,
    LeadScope,
    LinkPurpose,
    NotificationKind,
    Organisation,
    OutboxMail,
    Outcome,
    OutsideContact,
    Programme,
    ProgrammeStatus,
    Proposer,
    Reflection,
    RegisterCheck,
    Report,
    ReportReason,
    ReportResolution,
    SavedList,
    SavedListEntry,
    Side,
    StatisticsRelease,
    SurveyAnswer,
    SurveyInvitation,
    SurveyWave,
    User,
    Waiting,
    WouldHelp,
)
from matchmaker.services import audit, dismissals, email_changes, links
from matchmaker.services.digest import Digest
from matchmaker.services.evidence.counting import COLUMNS
from matchmaker.services.evidence.years import Year, latest_due
from matchmaker.services.introduction_mail import tell_of_proposal
from matchmaker.services.mail import send
from matchmaker.services.notifications import unsubscribe_token
from matchmaker.services.programme_times import TimeDetails, set_times
from matchmaker.services.programme_venues import VenueDetails, set_venues
from matchmaker.services.statistics.supply import count_supply, store_supply
from matchmaker.services.surveys import closing, themes
from tests.factories import (
    EDINBURGH,
    FIFE,
    make_answers,
    make_completed_introduction,
    make_introduction,
    make_organisation,
    make_outcode,
    make_practice_example,
    make_professional,
    make_programme,
    make_user,
    make_wave,
)
from tests.published_figures import publish_everything
from tests.web.world import World, build_world, waiting_edit

if TYPE_CHECKING:
    from collections.abc import Iterator

# A place in Wales, and an address as long as one may be.
LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
LONG_EMAIL = f"{'very-long-mailbox-name-' * 2}@{LONG_WORD.lower()}.example"
LONG_TEXT = f"{LONG_WORD} https://example.org/{LONG_WORD}/{LONG_WORD}?{LONG_WORD}"

S = IntroductionState
BOTH_YES = {"professional_answer": Answer.YES, "programme_answer": Answer.YES}


def build_page_world() -> World:
    """Make everybody and everything; needs an open session with write intent."""
    now = datetime.now(UTC)
    world = build_world(now)
    users, values = world.users, world.values
    make_outcode("KY12")
    users["beginner"] = make_user(name="Bea Ginner")
    make_professional(
        user=users["beginner"], profession=None, conditions=[], areas=[], is_findable=False
    )
    users["lead"].lead_scopes.append(LeadScope(area_code=EDINBURGH))
    professional = users["professional"].professional
    professional.seeks_text = "Chair-based exercise for people with COPD, to prevent falls."
    organisation = db.session.get(Organisation, values["organisation_id"])
    values["other_professional_id"] = users["other_professional"].professional.id
    values |= dict(_programmes(organisation))
    values |= dict(_introductions(world, organisation, now))
    values |= dict(_afterwards(world, organisation, now))
    values |= dict(_examples(world, organisation, now))
    values |= dict(_requests_for_help(world, organisation, now))
    found = RegisterCheck(
        professional=professional, state=CheckState.FOUND, requested_at=now, decided_at=now
    )
    professional.hcpc_checked_at = now
    db.session.add(found)
    db.session.flush()
    values["found_check_id"] = found.id
    values |= dict(_long_names(world, now))
    values |= dict(_reports_for_funders(world, organisation, now))
    values |= dict(_claims(world, organisation, now))
    values |= dict(_changes(world, organisation, now))
    values |= dict(_links(world, now))
    values |= dict(_mails(world, now))
    publish_everything(["S08000029", "S92000003", "K02000001"], ["2025-q3", "2026-q3"])
    for release in db.session.scalars(select(StatisticsRelease)):
        store_supply(release.id, count_supply(now=now))
    values |= dict(_for_administrators(world, now))
    values |= dict(_surveys(world, now))
    _put_aside(world, organisation, now)
    kept = db.session.get(SavedList, values["list_id"])
    on_it = ("closed_programme_id", "long_programme_id", "draft_id")
    kept.entries += [SavedListEntry(programme_id=values[each]) for each in on_it]
    db.session.flush()
    return world


def _programmes(organisation: Organisation) -> Iterator[tuple[str, int]]:
    for status in (ProgrammeStatus.PAUSED, ProgrammeStatus.CLOSED):
        programme = make_programme(
            organisation=organisation, name=f"A {status} programme", status=status
        )
        yield f"{status}_programme_id", programme.id
    old = datetime.now(UTC) - timedelta(days=200)
    yield (
        "old_programme_id",
        make_programme(organisation=organisation, name="Old", last_checked_at=old).id,
    )
    yield (
        "full_programme_id",
        make_programme(organisation=organisation, name="Full", places_per_month=0).id,
    )
    yield (
        "empty_draft_id",
        make_programme(
            organisation=organisation,
            name="",
            description="",
            conditions=[],
            areas=[],
            published_at=None,
            last_checked_at=None,
        ).id,
    )
    for number in range(12):
        programme = make_programme(
            name=f"Stroke group {number}",
            approaches=["peer-support"],
            organisation=make_organisation(
                name=f"Group {number}", claimed_at=None if number % 2 else datetime.now(UTC)
            ),
            last_checked_at=None if number % 3 else datetime.now(UTC),
            professions=["physiotherapist"],
        )
    yield "other_programme_id", programme.id
    yield "unclaimed_programme_id", _unclaimed_programme().id


def _unclaimed_programme() -> Programme:
    return make_programme(
        name="From a register", organisation=make_organisation(claimed_at=None, name="Register")
    )


def _introductions(
    world: World, organisation: Organisation, now: datetime
) -> Iterator[tuple[str, int | str]]:
    """One in every state, between the professional and a programme of the owner's."""
    working = {**BOTH_YES, "released_at": now}
    over = {"closed_at": now}
    agreed = {
        "shared_purpose": "More people find the group.",
        "next_step": "Visit it together.",
        "next_step_on": now.date() + timedelta(days=5),
    }
    states: dict[str, dict[str, Any]] = {
        "asked_by_professional": {},
        "asked_by_programme": {"proposed_by": Proposer.PROGRAMME},
        "asked_by_lead": {
            "proposed_by": Proposer.LEAD,
            "proposer_user_id": world.users["lead"].id,
            "lead_note": "You would get on.",
        },
        "waits_for_places": {"waiting_for": Waiting.PLACES, "waiting_since_at": now},
        "waits_for_reply": {"waiting_for": Waiting.QUESTION, "waiting_since_at": now},
        "waits_for_somebody": {"waiting_for": Waiting.AWAY, "waiting_since_at": now},
        "new": {**working, "state": S.ACCEPTED},
        "active": {**working, **agreed, "state": S.ACTIVE},
        "on_hold": {**working, "state": S.ON_HOLD},
        "completed": {
            **working,
            **over,
            **agreed,
            "state": S.COMPLETED,
            "outcome": Outcome.PARTLY,
            "closing_note": "Nine people came.",
        },
        "ended": {**working, **over, "state": S.ENDED, "end_reason": EndReason.NO_CONTACT},
        "declined": {
            **over,
            "state": S.DECLINED,
            "programme_answer": Answer.NO,
            "decline_reason": DeclineReason.NO_TIME,
        },
        "withdrawn": {**over, "state": S.WITHDRAWN},
        "expired": {**over, "state": S.EXPIRED},
        "superseded": {**over, "state": S.SUPERSEDED},
    }
    for name, state in states.items():
        introduction = make_introduction(
            professional=world.users["professional"].professional,
            programme=make_programme(organisation=organisation, name=f"Group that is {name}"),
            **{
                "proposed_at": now,
                "answer_due_at": now + timedelta(days=14),
                "state_changed_at": now,
                **state,
            },
        )
        if name == "waits_for_reply":
            yield "question_token", _question_asked(introduction, now)
        yield f"{name}_id", introduction.id


def _question_asked(introduction: Introduction, now: datetime) -> str:
    """A question of the programme that waits for a reply; gives the link to reply by."""
    question = IntroductionQuestion(
        introduction_id=introduction.id,
        side=Side.PROGRAMME,
        body="Would you like to visit us first?\nWe meet on Tuesdays.",
        asked_at=now,
    )
    db.session.add(question)
    db.session.flush()
    user = introduction.professional.user
    return _link(
        LinkPurpose.REPLY_TO_QUESTION,
        user.email,
        now,
        user=user,
        introduction=introduction,
        details={"side": "professional", "question_id": question.id},
    )


def _afterwards(
    world: World, organisation: Organisation, now: datetime
) -> Iterator[tuple[str, int | str]]:
    """What was told and recorded once both had said yes, and links to what is over."""
    user, owner = world.users["professional"], world.users["owner"]
    active, over = (
        db.session.get(Introduction, world.values[f"{state}_id"])
        for state in ("active", "completed")
    )
    active.example_offered_at = now
    answered = {"going": Going.GOING, "came_of_it": CameOfIt.PARTLY, "note": "Six people came."}
    told = [
        CheckIn(
            introduction=active,
            months=months,
            side=Side.PROFESSIONAL,
            asked_at=now,
            answered_at=now,
            would_help=WouldHelp.TIME,
            **answered,
        )
        for months in (3, 6)
    ]
    unanswered = CheckIn(introduction=over, months=3, side=Side.PROGRAMME, asked_at=now)
    message = IntroductionMessage(
        author=user, side=Side.PROFESSIONAL, body="Goodbye.", created_at=now
    )
    over.messages.append(message)
    db.session.add_all([*told, unanswered])
    db.session.flush()
    to_owner = {"user": owner, "introduction": over}
    yield (
        "check_in_over",
        _link(
            LinkPurpose.CHECK_IN,
            owner.email,
            now,
            details={"check_in_id": unanswered.id},
            **to_owner,
        ),
    )
    yield (
        "reply_over",
        _link(
            LinkPurpose.REPLY_TO_MESSAGE,
            owner.email,
            now,
            details={"side": "programme", "message_id": message.id},
            **to_owner,
        ),
    )
    professional = user.professional
    for kind, values in {
        "met": {"met": "Stroke group 11", "professional": professional},
        "introduced": {"professional": professional, "introduction": active},
        "organisation": {"organisation": organisation},
        "long": {"met": LONG_TEXT, "purpose": LONG_TEXT, "professional": professional},
    }.items():
        contact = OutsideContact(
            **{"met": "Una", "met_on": now.date(), "created_at": now, **values}
        )
        db.session.add(contact)
        db.session.flush()
        yield f"{kind}_contact_id", contact.id
    reflection = Reflection(
        professional_id=professional.id,
        outside_contact_id=contact.id,
        body=LONG_TEXT,
        updated_at=now,
    )
    db.session.add(reflection)


def _examples(world: World, organisation: Organisation, now: datetime) -> Iterator[tuple[str, int]]:
    """What the professional and the owner's organisation tell, however far it is."""
    states: dict[str, dict[str, Any]] = {
        "unfinished": {"did": "", "review_note": "Say how many people came."},
        "draft": {"programme_agreed_at": now},
        "agreed": {"professional_agreed_at": now},
        "named": {
            "state": ExampleState.PUBLISHED,
            "shows_professional": True,
            "shows_organisation": True,
        },
        "long": {
            "state": ExampleState.PUBLISHED,
            **dict.fromkeys(("title", "did", "changed", "took", "advice"), LONG_TEXT),
        },
        "gone": {"state": ExampleState.WITHDRAWN, "taken_down_at": now},
    }
    for name, values in states.items():
        introduction = make_completed_introduction(
            professional=world.users["professional"].professional,
            programme=make_programme(organisation=organisation, name=f"Group of {name} words"),
        )
        example = make_practice_example(introduction, updated_at=now, **values)
        yield f"{name}_example_id", example.id
        yield f"{name}_told_id", introduction.id


def _requests_for_help(
    world: World, organisation: Organisation, now: datetime
) -> Iterator[tuple[str, int]]:
    """What was asked of the lead, in every state in which it is shown."""
    lead = world.users["lead"]
    taken = {"state": HelpState.TAKEN, "taken_at": now}
    states: dict[str, dict[str, Any]] = {
        "taken": {**taken, "taken_by_user_id": lead.id, "organisation_id": organisation.id},
        "others": {**taken, "taken_by_user_id": world.users["distant_lead"].id},
        "answered": {
            "state": HelpState.ANSWERED,
            "closed_at": now,
            "answer": LONG_TEXT,
            "words": LONG_TEXT,
        },
    }
    for name, values in states.items():
        asked = HelpRequest(
            **{
                "user": world.users["professional"],
                "professional_id": (
                    None
                    if "organisation_id" in values
                    else world.users["professional"].professional.id
                ),
                "area_code": FIFE,
                "words": "A walking group.",
                "created_at": now,
                **values,
            }
        )
        db.session.add(asked)
        db.session.flush()
        yield f"{name}_request_id", asked.id


def _long_names(world: World, now: datetime) -> Iterator[tuple[str, int]]:
    """Somebody, an organisation and its programme of whom everything is long."""
    users = world.users
    users["longwinded"] = make_user(name=f"Ann {LONG_WORD}", email=LONG_EMAIL)
    organisation = make_organisation(
        members=[users["longwinded"]],
        name=f"Friends of {LONG_WORD}",
        description=LONG_TEXT,
        website=f"https://{LONG_WORD.lower()}.example/{LONG_WORD}",
        email=LONG_EMAIL,
    )
    programme = make_programme(
        organisation=organisation,
        name=f"{LONG_WORD} {LONG_WORD}",
        description=f"{LONG_TEXT} For people with a lung condition.",
        seeks_text=LONG_TEXT,
        cost=LONG_WORD,
        funded_by=LONG_WORD,
        contact_name=LONG_WORD,
        contact_email=LONG_EMAIL,
        last_checked_at=now - timedelta(days=400),
    )
    introduction = make_introduction(
        professional=world.users["professional"].professional,
        programme=programme,
        state=S.ACTIVE,
        released_at=now,
        purpose=LONG_TEXT,
        shared_purpose=LONG_TEXT,
        next_step=LONG_TEXT,
        **BOTH_YES,
    )
    introduction.messages = [
        IntroductionMessage(author=author, side=side, body=LONG_TEXT, created_at=now)
        for author, side in (
            (users["professional"], Side.PROFESSIONAL),
            (users["longwinded"], Side.PROGRAMME),
        )
    ]
    mail = OutboxMail(
        dedupe_key="a long mail",
        message_id="<a-long-mail@example.org>",
        recipient=LONG_EMAIL,
        subject=f"You have been introduced: {LONG_WORD}",
        body=LONG_TEXT,
        created_at=now,
        send_after_at=now,
        failed_at=now,
    )
    db.session.add(mail)
    db.session.flush()
    yield "long_organisation_id", organisation.id
    yield "long_programme_id", programme.id
    yield "long_introduction_id", introduction.id
    yield "long_mail_id", mail.id


def _reports_for_funders(
    world: World, organisation: Organisation, now: datetime
) -> Iterator[tuple[str, int | str]]:
    """A year that was made and one that was not, long names, and nothing to count."""
    long_winded = db.session.get(Organisation, world.values["long_organisation_id"])
    last = latest_due(now)
    _report_for_funders(long_winded, Year(last), now)
    yield "reported_year", _report_for_funders(organisation, Year(last.previous), now)
    quiet = make_organisation(members=[world.users["longwinded"]], name="Nobody asked us yet")
    yield "quiet_organisation_id", quiet.id


def _report_for_funders(organisation: Organisation, year: Year, now: datetime) -> str:
    rows = [*(str(each.id) for each in organisation.programmes if each.is_published), "all"]
    sizes = cycle(((1235, False), (None, False), (None, True), (0, False), (40, False)))
    figures = [
        *(("programme", row, column, *next(sizes)) for row in rows for column in COLUMNS),
        *(("outcome", outcome, "completed", *next(sizes)) for outcome in Outcome),
        *(("profession", name, "accepted", *next(sizes)) for name in ("", "physiotherapist")),
        *(("area", area, "accepted", *next(sizes)) for area in (FIFE, EDINBURGH)),
    ]
    db.session.add(
        EvidenceReport(
            organisation_id=organisation.id, period_key=year.key, figures=figures, made_at=now
        )
    )
    return year.key


def _claims(world: World, organisation: Organisation, now: datetime) -> Iterator[tuple[str, int]]:
    """Requests to look after an organisation, and one that opens at once."""
    claim = Claim(
        organisation=organisation,
        user=world.users["longwinded"],
        job=LONG_TEXT,
        evidence=LONG_TEXT,
        created_at=now,
    )
    db.session.add(claim)
    own = make_organisation(claimed_at=None, name="At home", website="https://www.example.org")
    db.session.flush()
    yield "owned_claim_id", claim.id
    yield "own_domain_id", own.id


def _changes(world: World, organisation: Organisation, now: datetime) -> Iterator[tuple[str, int]]:
    """Changes of programmes in every state, and a programme with a place and times to change."""
    editor, owner = world.users["editor"], world.users["owner"]
    placed = make_programme(organisation=organisation, name="At the town hall", is_free=True)
    hall = VenueDetails(name="Town hall", address="1 High Street", town="Fife", postcode="KY12 7JA")
    mondays = TimeDetails(
        frequency=Frequency.WEEKLY, weekdays=("MO",), opens_at=time(10), note="Not in August"
    )
    set_venues(placed, [hall])
    set_times(placed, [mondays])
    yield "placed_programme_id", placed.id
    programmes = {
        name: make_programme(organisation=organisation, name=f"Changed, {name}")
        for name in ("disputed", "sent_back", "published", "first")
    }
    programmes["long"] = db.session.get(Programme, world.values["long_programme_id"])
    changes = {name: waiting_edit(each, editor, now) for name, each in programmes.items()}
    programmes["disputed"].cost = "£5"
    programmes["disputed"].version += 1
    long_words = {"cost": LONG_WORD, "description": LONG_TEXT, "name": LONG_WORD}
    after = {**changes["long"].details["after"], **long_words}
    changes["long"].details = {**changes["long"].details, "after": after}
    for name, state in (
        ("sent_back", EditState.SENT_BACK),
        ("published", EditState.PUBLISHED),
        ("first", EditState.PUBLISHED),
    ):
        changes[name].state, changes[name].decided_at = state, now
        changes[name].decided_by = owner
    changes["sent_back"].note = LONG_TEXT
    changes["published"].details = {**changes["published"].details, "contact_changed": True}
    changes["first"].details = {**changes["first"].details, "before": None}
    db.session.flush()
    for name, change in changes.items():
        yield f"{name}_edit_id", change.id


def _mails(world: World, now: datetime) -> Iterator[tuple[str, int | str]]:
    """Mails with everything in them that a mail may be made of, and how to switch them off."""
    owner = world.users["owner"]
    asked = db.session.get(Introduction, world.values["asked_by_professional_id"])
    tell_of_proposal(asked, now=now)
    is_request = OutboxMail.kind == "introduction_asked"
    yield "request_mail_id", db.session.scalars(select(OutboxMail.id).where(is_request)).first()
    agreed = [db.session.get(Introduction, world.values["active_id"])]
    week = {"digest": Digest(agreed=agreed), "most_named": 5, "today": now.date()}
    yield "digest_mail_id", send("digest", "a week", to=owner, now=now, **week).id
    yield "unsubscribe", unsubscribe_token(owner, NotificationKind.REQUESTS)
    yield "unsubscribe_pressed", unsubscribe_token(owner, NotificationKind.DIGEST)


def _for_administrators(world: World, now: datetime) -> Iterator[tuple[str, int]]:
    """Accounts and reports in every state, and something in the audit trail."""
    users = world.users
    longwinded = users["longwinded"]
    longwinded.bounced_at, longwinded.last_active_on = now, now.date()
    yield "longwinded_id", longwinded.id
    yield "lead_id", users["lead"].id
    yield "erased_id", make_user(name="", erased_at=now).id
    for number in range(30):
        make_user(name=f"Zoe {number}")
    resolved = {
        "resolution": ReportResolution.REMOVED,
        "resolution_note": LONG_TEXT,
        "resolved_at": now,
        "resolved_by_user_id": longwinded.id,
    }
    for name, values in (("long", {}), ("resolved", resolved)):
        report = Report(
            address=f"/programmes/{LONG_WORD}/{LONG_WORD}",
            reason=ReportReason.PATIENT_DETAILS,
            note=LONG_TEXT,
            reported_at=now,
            **values,
        )
        db.session.add(report)
        db.session.flush()
        yield f"{name}_report_id", report.id
        audit.record("report.made", report, actor=longwinded, now=now, reason="patient_details")
    audit.record("user.made_lead", longwinded, actor=None, now=now, area="S12000047")


def _links(world: World, now: datetime) -> Iterator[tuple[str, str]]:
    """A link of every purpose that works, and one that was used and one that has expired."""
    owner, newcomer = world.users["owner"], world.users["newcomer"]
    organisation = db.session.get(Organisation, world.values["organisation_id"])
    details = {"role": "editor", "invited_by": owner.id}
    invitation = {"organisation": organisation, "details": details}
    yield "register", _link(LinkPurpose.REGISTER, "new@example.org", now)
    yield "reset", _link(LinkPurpose.RESET_PASSWORD, owner.email, now, user=owner)
    yield "join_newly", _link(LinkPurpose.JOIN_ORGANISATION, "new@example.org", now, **invitation)
    yield "join", _link(LinkPurpose.JOIN_ORGANISATION, newcomer.email, now, **invitation)
    for state in ("asked_by_professional", "waits_for_places"):
        yield (
            f"answer_{state}",
            _link(
                LinkPurpose.ANSWER_INTRODUCTION,
                owner.email,
                now,
                user=owner,
                introduction=db.session.get(Introduction, world.values[f"{state}_id"]),
                details={"side": "programme"},
            ),
        )
    change = EmailChange(user=world.users["editor"], new_email=LONG_EMAIL, requested_at=now)
    db.session.add(change)
    db.session.flush()
    for address in email_changes.Address:
        details = {"change_id": change.id, "address": address.value}
        token = _link(LinkPurpose.CHANGE_EMAIL, LONG_EMAIL, now, details=details)
        yield f"change_email_{address}", token
    for purpose in LinkPurpose:
        yield f"expired_{purpose}", _link(purpose, owner.email, now - timedelta(days=60))
        yield f"used_{purpose}", _used_link(purpose, owner, now)


def _link(purpose: LinkPurpose, email: str, now: datetime, **values: Any) -> str:
    return links.create_link(purpose, email=email, now=now, **values)


def _used_link(purpose: LinkPurpose, user: User, now: datetime) -> str:
    token = _link(purpose, user.email, now, user=user)
    links.use_link(links.get_link(token, purpose, now=now), now=now)
    return token


def _put_aside(world: World, organisation: Organisation, now: datetime) -> None:
    """Suggestions that either side has put aside, for a while and for good."""
    professional = world.users["professional"].professional
    programme = db.session.get(Programme, world.values["programme_id"])
    for kind, reason in (
        (DismissalKind.NOT_NOW, None),
        (DismissalKind.NOT_FOR_US, dismissals.DismissalReason.TOO_FAR),
    ):
        aside = make_programme(name=f"Put aside, {kind}", organisation=make_organisation())
        dismissals.put_aside(
            Side.PROFESSIONAL,
            professional,
            aside,
            kind=kind,
            reason=reason,
            actor=professional.user,
            now=now,
        )
        dismissals.put_aside(
            Side.PROGRAMME,
            make_professional(user=make_user()),
            programme,
            kind=kind,
            reason=reason,
            actor=world.users["owner"],
            now=now,
        )


def _surveys(world: World, now: datetime) -> Iterator[tuple[str, int]]:
    """One in every state, with long words; the one that is open has not been answered."""
    users = world.users
    draft = make_wave(area_code=FIFE, title=LONG_WORD, introduction=LONG_TEXT)
    yield "draft_wave_id", draft.id
    yield "survey_question_id", draft.questions[0].id
    small = make_wave(area_code=EDINBURGH)
    yield "small_wave_id", small.id
    is_open = make_wave(
        area_code=FIFE, title="Open", introduction=LONG_TEXT, opened_at=now, closes_on=now.date()
    )
    db.session.add(SurveyInvitation(wave_id=is_open.id, user_id=users["professional"].id))
    yield "open_wave_id", is_open.id
    first = _closed_survey(users["professional"], now, {"partnership_know": "2"})
    again = _closed_survey(
        users["professional"], now, {"partnership_know": "4"}, compared_with=first
    )
    yield "closed_wave_id", again.id
    found = [each for several in themes.list_themes(again).values() for each in several]
    yield "closed_theme_id", found[0].theme.id
    yield "few_wave_id", make_wave(area_code=FIFE, opened_at=now, closed_at=now).id


def _closed_survey(own: User, now: datetime, answers: dict[str, str], **values: Any) -> SurveyWave:
    """A survey in which ten people wrote of two things, one of them at length."""
    wave = make_wave(area_code=FIFE, title=f"Closed {LONG_WORD}", opened_at=now, **values)
    for number in range(20):
        words = "No time in a full clinic" if number % 2 else "The funding of the grant ends"
        make_answers(
            wave,
            own if number == 0 else make_user(email=f"survey{number}-{wave.id}@example.org"),
            quotable=number < 4,
            hinders_practice=f"{words} {LONG_TEXT if number < 2 else number}",
            **answers,
        )
    db.session.flush()
    closing.close_wave(wave, actor=None, now=now)
    themes.find_due(now=now)
    db.session.execute(update(SurveyAnswer).where(SurveyAnswer.may_quote).values(is_quoted=True))
    return wave
