"""One of every mail, to each side that gets it, with the words that make it longest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matchmaker.extensions import db
from matchmaker.models import (
    CheckIn,
    CheckState,
    Claim,
    HelpRequest,
    IntroductionMessage,
    IntroductionQuestion,
    IntroductionState,
    OutboxMail,
    PracticeExample,
    ProgrammeEdit,
    Proposer,
    RegisterCheck,
    Side,
    SurveyWave,
    User,
    Waiting,
)
from matchmaker.models.introduction import Answer
from matchmaker.services import mail, matching
from matchmaker.services.digest import Digest, NewPeople, Turn
from matchmaker.services.freshness_reminders import Due
from matchmaker.services.limited_view import limited_view
from matchmaker.services.other_suggestions import OtherSuggestion
from tests.factories import (
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "mail"
KINDS = sorted(path.stem for path in TEMPLATES.glob("[!_]*.txt"))
TOKEN = "WzEyMywxNzk1MzE5MTU5MTI5NjRd.8kq0vQ1xYb3Zr5t7u9w1y3A5C7E"
PURPOSE = (
    "I see about six people a week after a stroke who go home to very little. I would like to"
    " visit your group, and then tell people about it.\n\nTuesdays suit me best."
)
FOR_STRANGERS = frozenset(
    {"register", "no_account", "claim_organisation", "introduction_colleague"}
)
# What each side reads differently, beyond the words that every mail chooses by side.
STATES: dict[str, list[dict[str, Any]]] = {
    "introduction_asked": [{}, {"proposed_by": Proposer.LEAD}],
    "introduction_progress": [
        {"state": IntroductionState.ACTIVE},
        {"state": IntroductionState.ON_HOLD},
    ],
    "introduction_replied": [{}, {"waiting_for": Waiting.PLACES}],
    "introduction_reminder": [{"reminders": 1}, {"reminders": 2}],
    "introduction_agreed": [{"next_step": "Visit the group together and meet the volunteers."}],
}


def write_every_mail(*, now: datetime | None = None) -> dict[str, OutboxMail]:
    """Write one of every mail in the outbox, by a name for each; needs a writing session."""
    now = now or datetime.now(UTC)
    written = {}
    for kind in KINDS:
        for name, values in _samples(kind, now):
            sent = mail.send(kind, f"sample:{name}", now=now, **values)
            assert sent is not None
            written[name] = sent
    db.session.flush()
    return written


def _samples(kind: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """What to send `kind` with, in each way it reads."""
    if kind == "freshness":
        for number in (1, 2):
            yield f"freshness-{number}", {"to": make_user(name="Mairi"), **_due(number, now)}
        return
    if kind == "digest":
        yield "digest", {"to": make_user(name="Mairi Campbell"), **_digest(now)}
        return
    for number, state in enumerate(STATES.get(kind, [{}])):
        for side in _sides_told(kind):
            yield f"{kind}-{number}-{side}", _context(kind, side, state, now)


def _sides_told(kind: str) -> tuple[Side, ...]:
    """Both, where that makes a difference."""
    written = (TEMPLATES / f"{kind}.txt").read_text("utf-8")
    is_about_a_pair = "is_professional" in written or "_what_is_asked" in written
    return tuple(Side) if is_about_a_pair else (Side.PROFESSIONAL,)


def _context(kind: str, side: Side, state: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Everything that any mail about an introduction may ask for, and a little more."""
    member = make_user(name="Joyce Adeyemi")
    organisation = make_organisation(
        name="Chest, Heart & Stroke in the Kingdom of Fife", members=[member]
    )
    programme = make_programme(name="Silver Singers of Dunfermline", organisation=organisation)
    professional = make_professional(user=make_user(name="Mairi Campbell"))
    introduction = make_introduction(
        professional=professional,
        programme=programme,
        purpose=PURPOSE,
        next_step_on=(now + timedelta(days=12)).date(),
        answer_due_at=now + timedelta(days=14),
    )
    # As the services would leave it, without the way there; it is only looked at.
    with db.session.no_autoflush:
        values = {
            "to": _reader(kind, professional.user if side is Side.PROFESSIONAL else member),
            "introduction": introduction,
            "programme": programme,
            "organisation": organisation,
            "professional": limited_view(professional, programme),
            "is_professional": side is Side.PROFESSIONAL,
            "actor": member,
            "joined": professional.user,
            "token": TOKEN,
            "may_ask": True,
            "wave": _survey(now),
            "area": "NHS Greater Glasgow and Clyde",
            "area_code": "S08000031",
            "period": "September to November 2026",
            "period_key": "2026-q3",
            "months": 12 if side is Side.PROFESSIONAL else 3,
            "others": _others(),
            "passed_to": programme if side is Side.PROFESSIONAL else None,
            "told_colleague": True,
            "was_unused": False,
            "erased_on": (now + timedelta(days=183)).date(),
            "new_email": "mairi.campbell-henderson@very-long-name-of-a-health-board.example.org",
            "message": IntroductionMessage(body=PURPOSE),
            "edit": ProgrammeEdit(
                id=7, programme=programme, programme_id=7, decided_by=member, note=PURPOSE
            ),
            "claim": _claim(),
            "example": PracticeExample(
                id=7, title="A choir that waits for people when they go home", review_note=PURPOSE
            ),
            "was_public": True,
            "check": RegisterCheck(state=CheckState.FOUND, decided_at=now),
            "help": HelpRequest(words=PURPOSE, answer="Try Breathe Easy.\nThey are friendly."),
            "question": IntroductionQuestion(
                body="How many people come on a usual day?", reply="Twelve or so.\nMore in winter."
            ),
        }
    if state:
        db.session.flush()
        db.session.expunge(introduction)
        for name, value in state.items():
            setattr(introduction, name, value)
    return values


def _due(number: int, now: datetime) -> dict[str, Any]:
    """Pages to check: one that is due soon, or several of which one is old, and more."""
    due = [
        Due(
            programme=make_programme(
                name=f"Silver Singers of Dunfermline {each}", last_checked_at=now
            ),
            token=TOKEN,
            is_stale=each > 0,
            check_by=now.date(),
            hidden_from=now.date(),
        )
        for each in range(number)
    ]
    return {"due": due, "n_more": 0 if number == 1 else 3}


def _claim() -> Claim:
    """A request by somebody whose address says nothing, with what was decided."""
    return Claim(
        id=1,
        by_domain=False,
        job="Volunteer co-ordinator on Tuesdays and Thursdays",
        decision_note="We rang the office, and they know you.\nWelcome.",
    )


def _survey(now: datetime) -> SurveyWave:
    """An open survey with everything that can be said of one."""
    return SurveyWave(
        id=7,
        title="How health professionals and voluntary organisations work together in 2026",
        introduction=PURPOSE,
        closes_on=(now + timedelta(days=28)).date(),
    )


def _reader(kind: str, user: User) -> User | str:
    """Who gets it; some mails go to people without an account only."""
    return user.email if kind in FOR_STRANGERS else user


def _others() -> list[OtherSuggestion]:
    return [
        OtherSuggestion(name, "programmes.show", {"programme_id": number})
        for number, name in enumerate(("Breathe Easy, Kirkcaldy", "Walk and talk", "Tea at two"), 1)
    ]


def _digest(now: datetime) -> dict[str, Any]:
    """A week in which there is something to say of everything."""
    professional = make_professional()
    programme = make_programme(
        name="Silver Singers of Dunfermline",
        organisation=make_organisation(name="Chest, Heart & Stroke"),
    )
    introduction = make_introduction(
        professional=professional,
        programme=programme,
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=IntroductionState.ACTIVE,
        released_at=now,
        answer_due_at=now + timedelta(days=9),
        next_step="Visit the group together and meet the volunteers.",
        next_step_on=(now + timedelta(days=3)).date(),
    )
    check_in = CheckIn(introduction=introduction, months=3, side=Side.PROGRAMME, asked_at=now)
    db.session.add(check_in)
    db.session.commit()
    seen = limited_view(professional, programme)
    found = matching.suggest_for_professional(make_professional(), now=now, top=3)
    return {
        "digest": Digest(
            turns=[
                Turn(introduction, is_professional, is_question, seen)
                for is_professional in (True, False)
                for is_question in (True, False)
            ],
            check_ins=[check_in],
            agreed=[introduction],
            programmes=found,
            people=[NewPeople(programme, 1), NewPeople(programme, 4)],
        ),
        "most_named": 5,
        "today": now.date(),
    }
