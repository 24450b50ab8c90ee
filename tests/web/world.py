"""A small world with every kind of person in it, each with contact details nobody could guess.

The walks over all pages (`test_access_matrix.py`, `test_canaries.py`) open every route as each of
them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Block,
    CheckIn,
    Claim,
    DeclineReason,
    EditState,
    ExampleState,
    Frequency,
    HelpRequest,
    ImportDraft,
    ImportedRecord,
    ImportSource,
    Introduction,
    IntroductionMessage,
    IntroductionQuestion,
    IntroductionState,
    Likeness,
    LinkPurpose,
    Organisation,
    OutboxMail,
    OutsideContact,
    PossibleDuplicate,
    PracticeExample,
    Programme,
    ProgrammeEdit,
    ProgrammeLocation,
    ProgrammeSchedule,
    RegisterCheck,
    Report,
    ReportReason,
    SavedList,
    SavedListEntry,
    Side,
    SourceFormat,
    SupersededReason,
    SurveyAnswer,
    SurveyInvitation,
    SurveyResponse,
    SurveyTheme,
    SurveyWave,
    User,
    UserSession,
    Waiting,
)
from matchmaker.services import links, open_referral, sessions
from matchmaker.services.programme_details import details_of
from matchmaker.services.programme_json import to_json
from matchmaker.services.statistics.scope import UNITED_KINGDOM
from matchmaker.services.surveys.keys import person_key
from tests.factories import (
    FIFE,
    make_completed_introduction,
    make_figures,
    make_introduction,
    make_lead,
    make_organisation,
    make_practice_example,
    make_professional,
    make_programme,
    make_user,
    make_wave,
)

VISITOR = "visitor"
PEOPLE = (
    VISITOR,
    "newcomer",
    "professional",
    "other_professional",
    "owner",
    "editor",
    "outsider",
    "lead",
    "distant_lead",
    "administrator",
)
WALES = "W92000004"


@dataclass(frozen=True)
class World:
    """The people by name, and what stands in the addresses of their pages."""

    users: dict[str, User]
    values: dict[str, int | str]


def build_world(now: datetime | None = None) -> World:
    """Make everybody, two organisations, their programmes, and an introduction under way."""
    now = now or datetime.now(UTC)
    users = {
        name: _person(name) for name in PEOPLE if name not in (VISITOR, "lead", "distant_lead")
    }
    users["administrator"].is_administrator = True
    users["lead"] = make_lead([FIFE], **_details("lead"))
    users["distant_lead"] = make_lead([WALES], **_details("distant_lead"))
    professional = make_professional(
        user=users["professional"],
        employer="canary-employer",
        hcpc_number="canary-hcpc",
        offers_text="I run canary-offers classes after stroke.",
    )
    make_professional(user=users["other_professional"], employer="canary-other-employer")
    organisation = make_organisation(
        members=[users["owner"], users["editor"]], name="Stroke Friends", area_code=FIFE
    )
    another = make_organisation(members=[users["outsider"]], name="Another Charity")
    make_programme(organisation=another, name="Another programme")
    block = Block(
        side=Side.PROFESSIONAL, professional=professional, organisation=another, created_at=now
    )
    elsewhere = UserSession(
        user=users["professional"],
        token_digest="of a browser elsewhere",
        created_at=now,
        last_used_at=now,
    )
    db.session.add_all([block, elsewhere])
    programme = make_programme(
        organisation=organisation,
        name="Stroke café",
        professions=["physiotherapist"],
        contact_name="canary-contact-name",
        contact_email="canary-contact@example.org",
        contact_phone="canary-contact-phone",
        public_phone="01383 000 002",
        locations=[ProgrammeLocation(name="Abbey Hall")],
        schedules=[ProgrammeSchedule(frequency=Frequency.WEEKLY, weekdays="MO")],
    )
    draft = make_programme(organisation=organisation, name="canary-draft", published_at=None)
    unclaimed = make_organisation(claimed_at=None, name="Unclaimed Charity", area_code=FIFE)
    make_introduction(
        professional=professional,
        programme=make_programme(organisation=unclaimed),
        waiting_for=Waiting.CLAIM,
        waiting_since_at=now,
    )
    claim = Claim(organisation=unclaimed, user=users["newcomer"], job="canary-job", created_at=now)
    db.session.add(claim)
    introduction = accepted_introduction(professional, programme, now)
    check_in = CheckIn(introduction=introduction, months=3, side=Side.PROFESSIONAL, asked_at=now)
    contact = OutsideContact(
        recorded_by_user_id=users["professional"].id,
        professional=professional,
        met="canary-met",
        met_on=now.date(),
        purpose="To swap leaflets.",
        created_at=now,
    )
    db.session.add_all([check_in, contact])
    question = IntroductionQuestion(
        introduction_id=introduction.id,
        side=Side.PROGRAMME,
        body="Would you visit us first? canary-question",
        asked_at=now,
        reply="Gladly. canary-reply",
        replied_at=now,
        closed_at=now,
    )
    db.session.add(question)
    edit = waiting_edit(programme, users["editor"], now)
    asked = HelpRequest(
        user=users["professional"],
        professional_id=professional.id,
        area_code=FIFE,
        words="A choir. canary-help",
        created_at=now,
    )
    db.session.add(asked)
    told = make_practice_example(
        introduction, state=ExampleState.WAITING, did="We sang. canary-told", updated_at=now
    )
    mail = _mail(now)
    report = Report(
        reporter_user_id=users["owner"].id,
        address="/introductions/1",
        message_id=None,
        quoted="canary-quoted",
        reason=ReportReason.UNKIND,
        note="canary-note",
        reported_at=now,
    )
    db.session.add(report)
    kept = SavedList(
        user_id=users["professional"].id,
        name="canary-list",
        created_at=now,
        updated_at=now,
        entries=[SavedListEntry(programme_id=programme.id)],
    )
    db.session.add(kept)
    imported = _imports(users["lead"], unclaimed, organisation, now)
    make_figures("funnel", UNITED_KINGDOM, "2026-06", {("all", "asked"): 120})
    survey = answered_survey(users["professional"], now)
    theme = SurveyTheme(question_id=survey.questions[-1].id, name="Time", words=["time"], shown=0)
    db.session.add(theme)
    db.session.flush()
    return World(
        users=users,
        values={
            "professional_id": professional.id,
            "programme_id": programme.id,
            "service_id": programme.public_id,
            "service_at_location_id": programme.locations[0].public_id,
            "taxonomy_id": open_referral.Taxonomy.CONDITION.public_id,
            "taxonomy_term_id": open_referral.list_terms()[0].public_id,
            "draft_id": draft.id,
            **{name: row.id for name, row in imported.items()},
            "organisation_id": organisation.id,
            "unclaimed_id": unclaimed.id,
            "introduction_id": introduction.id,
            "check_in_id": check_in.id,
            "contact_id": contact.id,
            "message_id": introduction.messages[0].id,
            "example_id": told.id,
            "request_id": asked.id,
            "check_id": _registration_to_check(now).id,
            "published_example_id": _published_example().id,
            "block_id": block.id,
            "session_id": elsewhere.id,
            "edit_id": edit.id,
            "mail_id": mail.id,
            "claim_id": claim.id,
            "list_id": kept.id,
            "report_id": report.id,
            "wave_id": survey.id,
            "question_id": survey.questions[-1].id,
            "theme_id": theme.id,
            "section": "works",
            "filename": "manifest.json",
            "number": 1,
            "task": "work",
            "part": "times",
            "key": "funnel",
            "area_code": UNITED_KINGDOM,
            "period_key": "2026-06",
            "quarter_key": "2026-q2",
            "chart_key": "size",
            "user_id": users["professional"].id,
            "answer_token": links.create_link(
                LinkPurpose.ANSWER_INTRODUCTION,
                email=users["owner"].email,
                now=now,
                user=users["owner"],
                introduction=introduction,
                details={"side": "programme"},
            ),
            "check_in_token": links.create_link(
                LinkPurpose.CHECK_IN,
                email=users["professional"].email,
                now=now,
                user=users["professional"],
                introduction=introduction,
                details={"check_in_id": check_in.id},
            ),
            "question_token": links.create_link(
                LinkPurpose.REPLY_TO_QUESTION,
                email=users["professional"].email,
                now=now,
                user=users["professional"],
                introduction=introduction,
                details={"side": "professional", "question_id": question.id},
            ),
            "still_right_token": links.create_link(
                LinkPurpose.CONFIRM_PROGRAMME,
                email=users["owner"].email,
                now=now,
                user=users["owner"],
                programme=programme,
            ),
            "reply_token": links.create_link(
                LinkPurpose.REPLY_TO_MESSAGE,
                email=users["owner"].email,
                now=now,
                user=users["owner"],
                introduction=introduction,
                details={"side": "programme", "message_id": introduction.messages[0].id},
            ),
        },
    )


def _registration_to_check(now: datetime) -> RegisterCheck:
    """Somebody whose number a lead of Fife may see, as they asked for it to be looked up."""
    professional = make_professional(
        user=make_user(name="canary-checked-name"), is_findable=False, hcpc_number="canary-number"
    )
    check = RegisterCheck(professional=professional, requested_at=now)
    db.session.add(check)
    db.session.flush()
    return check


def _published_example() -> PracticeExample:
    """What two tell who want no names with it, of whom nobody else here knows anything."""
    professional = make_professional(
        user=make_user(), is_findable=False, employer="canary-told-employer"
    )
    organisation = make_organisation(name="canary-told-organisation")
    programme = make_programme(organisation=organisation, published_at=None)
    introduction = make_completed_introduction(professional=professional, programme=programme)
    return make_practice_example(introduction, state=ExampleState.PUBLISHED)


def accepted_introduction(professional, programme, now) -> Introduction:
    """An introduction both said yes to, with a message on it."""
    introduction = make_introduction(
        professional=professional,
        programme=programme,
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACCEPTED,
        released_at=now,
        next_step="Meet",
        next_step_on=now.date(),
    )
    introduction.messages = [
        IntroductionMessage(
            author=professional.user, side=Side.PROFESSIONAL, body="canary-message", created_at=now
        )
    ]
    return introduction


def _imports(
    lead: User, unclaimed: Organisation, organisation: Organisation, now: datetime
) -> dict[str, ImportDraft | ImportedRecord | PossibleDuplicate]:
    """A table that a lead handed in, a conflict about an organisation, and two that may be one."""
    draft = ImportDraft(
        user_id=lead.id,
        source_name="A council",
        format=SourceFormat.CSV,
        file_name="programmes.csv",
        content=b"Name,About,Who\nStroke choir,Singing together.,Choirs of Fife\nChoir,,Nobody\n",
        choices={"columns": {"name": "Name", "description": "About", "organisation": "Who"}},
        created_at=now,
    )
    record = ImportedRecord(
        source=ImportSource(name="A list", format=SourceFormat.ORUK, created_at=now),
        external_id="1",
        organisation=unclaimed,
        taken={"name": "Its first name"},
        offered={"name": "Its new name"},
        has_conflict=True,
        first_seen_at=now,
        last_seen_at=now,
    )
    first, second = sorted((unclaimed, organisation), key=lambda each: each.id)
    pair = PossibleDuplicate(first=first, second=second, likeness=Likeness.DOMAIN, found_at=now)
    rows = {"import_id": draft, "record_id": record, "pair_id": pair}
    db.session.add_all(rows.values())
    return rows


def answered_survey(user: User, now: datetime) -> SurveyWave:
    """An open survey that somebody has answered in their own words."""
    wave = make_wave(area_code=FIFE, opened_at=now)
    db.session.flush()
    answer = SurveyAnswer(question_id=wave.questions[-1].id, text="canary-survey", may_quote=True)
    response = SurveyResponse(
        wave_id=wave.id, person_key=person_key(user.id), is_sent=True, answers=[answer]
    )
    invitation = SurveyInvitation(wave_id=wave.id, user_id=user.id, has_answered=True)
    db.session.add_all([response, invitation])
    return wave


def waiting_edit(programme: Programme, author: User, now: datetime) -> ProgrammeEdit:
    """A change of a programme that an owner has not decided about."""
    db.session.flush()
    said = details_of(programme)
    edit = ProgrammeEdit(
        programme=programme,
        state=EditState.WAITING,
        details={
            "before": to_json(said),
            "after": to_json(replace(said, cost="£2", description="Tea and talk.")),
        },
        based_on_version=programme.version,
        author=author,
        created_at=now,
        updated_at=now,
    )
    db.session.add(edit)
    db.session.flush()
    return edit


def settle(introduction: Introduction, state: IntroductionState, now: datetime) -> None:
    """Put an introduction in another state, as the services would leave it."""
    introduction.messages = []
    for example in db.session.scalars(
        select(PracticeExample).where(PracticeExample.introduction_id == introduction.id)
    ):
        example.move_to(ExampleState.WITHDRAWN, now)
    introduction.state = state
    introduction.released_at = None
    if state is IntroductionState.PROPOSED:
        introduction.programme_answer = Answer.PENDING
        introduction.programme_answered_at = None
        return
    introduction.closed_at = now
    if state is IntroductionState.SUPERSEDED:
        introduction.superseded_because = SupersededReason.PROGRAMME_CLOSED
    if state is IntroductionState.DECLINED:
        introduction.record_answer(Side.PROGRAMME, Answer.NO, now)
        introduction.decline_reason = DeclineReason.NO_TIME
        introduction.decline_note = "canary-decline-note"


def sign_in(client, user: User, writing) -> None:
    """Put a session of `user` in the client's cookie, as signing in does."""
    with writing() as session:
        token = sessions.start_session(session.get(User, user.id), now=datetime.now(UTC))
    _keep(client, token)


def everybody(app, world: World, writing) -> dict[str, FlaskClient]:
    """A browser for each of `PEOPLE`, with a new session of whoever is no visitor."""
    clients = {person: app.test_client() for person in PEOPLE}
    with writing() as session:
        for person, user in world.users.items():
            token = sessions.start_session(session.get(User, user.id), now=datetime.now(UTC))
            _keep(clients[person], token)
    return clients


def _keep(client, token: str) -> None:
    """Leave in the client what the app would leave in a browser."""
    app = client.application
    signer = app.session_interface.get_signing_serializer(app)
    cookie = signer.dumps({"_user_id": token, "_fresh": True})
    client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)


def _details(person: str) -> dict[str, str]:
    name = person.replace("_", "-")
    return {
        "name": f"canary-{name}-name",
        "email": f"canary-{name}@example.org",
        "phone": f"canary-{name}-phone",
    }


def _person(name: str) -> User:
    return make_user(**_details(name))


def _mail(now: datetime) -> OutboxMail:
    mail = OutboxMail(
        dedupe_key="a mail",
        message_id="<a-mail@example.org>",
        recipient="somebody@example.org",
        subject="A mail",
        body="Its text.",
        html="<!DOCTYPE html><html lang='en'><title>A mail</title><h1>A mail</h1>",
        created_at=now,
        send_after_at=now,
    )
    db.session.add(mail)
    return mail
