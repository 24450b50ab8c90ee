"""Rows for tests: each function makes one believable thing and flushes it.

They need an open session with write intent (the `session` fixture, or `writing()`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    ExampleState,
    Introduction,
    IntroductionState,
    LeadScope,
    Membership,
    MembershipRole,
    Organisation,
    Outcode,
    Outcome,
    PracticeExample,
    PracticeExampleTerm,
    Professional,
    ProfessionalArea,
    ProfessionalTerm,
    Programme,
    ProgrammeArea,
    ProgrammeProfession,
    ProgrammeTerm,
    Proposer,
    QuestionKind,
    Side,
    StatisticFigure,
    StatisticsRelease,
    SupersededReason,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyWave,
    TermField,
    TermSide,
    User,
    WaveState,
)
from matchmaker.models.introduction import Answer
from matchmaker.services.statistics.periods import find_period
from matchmaker.services.surveys import keys
from matchmaker.services.surveys.baseline import Asked, baseline

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
FIFE = "S12000047"
NHS_FIFE = "S08000029"
NHS_FIFE = "S08000029"
EDINBURGH = "S12000036"
PASSWORD = "correct horse battery staple"
# What is frozen of a survey that a few people answered.
NOTHING_TO_SHOW = {
    "is_enough": False,
    "figures": {"asked": "*", "answered": "*"},
    "means": {},
}

_numbers = count(1)

_is_making: ContextVar[bool] = ContextVar("is_making_rows", default=False)

Row = TypeVar("Row")
Wanted = ParamSpec("Wanted")


def _saved(make: Callable[Wanted, Row]) -> Callable[Wanted, Row]:
    """Save what `make` returns, and what it made to go with it, in one flush."""

    @wraps(make)
    def made(*args: Wanted.args, **values: Wanted.kwargs) -> Row:
        is_inside = _is_making.set(True)
        try:
            row = make(*args, **values)
        finally:
            _is_making.reset(is_inside)
        db.session.add(row)
        if not _is_making.get():
            db.session.flush()
        return row

    return made


def _a_moment_of_its_own() -> datetime:
    """A little after NOW, and never twice.

    The matching index knows a row by its id and time, and the next test's rows begin at 1 again.
    """
    return NOW + timedelta(microseconds=next(_numbers))


@_saved
def make_user(**values: Any) -> User:
    """A person; `password_hash` is not a real hash unless given."""
    number = next(_numbers)
    defaults = {
        "email": f"person{number}@example.org",
        "name": f"Person {number}",
        "phone": "01592 000 000",
        "password_hash": "no password matches this",
        "created_at": NOW,
        "password_changed_at": NOW,
        # Whatever the clock says when the tests run.
        "quiet_from_hour": None,
        "quiet_until_hour": None,
    }
    return User(**{**defaults, **values})


@_saved
def make_lead(area_codes: Iterable[str] = ("S92000003",), **values: Any) -> User:
    """A person who looks after areas."""
    user = make_user(**values)
    user.lead_scopes = [LeadScope(area_code=code) for code in area_codes]
    return user


@_saved
def make_professional(
    *,
    user: User | None = None,
    conditions: Iterable[str] = ("stroke",),
    approaches: Iterable[str] = (),
    areas: Iterable[str] = (FIFE,),
    **values: Any,
) -> Professional:
    """A findable physiotherapist in Fife who works with stroke, unless told otherwise."""
    defaults = {
        "profession": "physiotherapist",
        "employer": "Victoria Hospital",
        "is_findable": True,
        "created_at": NOW,
        "updated_at": _a_moment_of_its_own(),
    }
    return Professional(
        user=user or make_user(),
        areas=[ProfessionalArea(area_code=code) for code in areas],
        terms=[
            ProfessionalTerm(field=field, side=TermSide.OFFERS, wording=code, code=code)
            for field, codes in (
                (TermField.CONDITION, conditions),
                (TermField.APPROACH, approaches),
            )
            for code in codes
        ],
        **{**defaults, **values},
    )


@_saved
def make_organisation(*, members: Iterable[User] = (), **values: Any) -> Organisation:
    """A claimed charity; the first of `members` owns it and the others edit."""
    number = next(_numbers)
    defaults = {
        "name": f"Charity {number}",
        "description": "Helps people.",
        "claimed_at": NOW,
        "last_checked_at": NOW,
        "created_at": NOW,
        "updated_at": NOW,
    }
    roles = [MembershipRole.OWNER]
    memberships = []
    for user in members:
        memberships.append(Membership(user=user, role=roles[-1], created_at=NOW))
        roles.append(MembershipRole.EDITOR)
    return Organisation(memberships=memberships, **{**defaults, **values})


@_saved
def make_programme(
    *,
    organisation: Organisation | None = None,
    conditions: Iterable[str] = ("stroke",),
    approaches: Iterable[str] = (),
    areas: Iterable[str] = (FIFE,),
    professions: Iterable[str] = (),
    **values: Any,
) -> Programme:
    """A published, open stroke programme in Fife, unless told otherwise."""
    number = next(_numbers)
    defaults = {
        "name": f"Programme {number}",
        "description": "A weekly group.",
        "published_at": NOW,
        "last_checked_at": NOW,
        "created_at": NOW,
        "updated_at": _a_moment_of_its_own(),
    }
    return Programme(
        organisation=organisation or make_organisation(members=[make_user()]),
        areas=[ProgrammeArea(area_code=code) for code in areas],
        terms=[
            ProgrammeTerm(field=field, wording=code, code=code)
            for field, codes in (
                (TermField.CONDITION, conditions),
                (TermField.APPROACH, approaches),
            )
            for code in codes
        ],
        sought_professions=[ProgrammeProfession(profession=code) for code in professions],
        **{**defaults, **values},
    )


@_saved
def make_introduction(
    *,
    professional: Professional | None = None,
    programme: Programme | None = None,
    proposed_by: Proposer = Proposer.PROFESSIONAL,
    **values: Any,
) -> Introduction:
    """A proposal whose proposer has said yes; after a lead, both sides still answer."""
    defaults = {
        "purpose": "To see who could come to our group.",
        "professional_answer": _answer(proposed_by, Proposer.PROFESSIONAL),
        "programme_answer": _answer(proposed_by, Proposer.PROGRAMME),
        "proposed_at": NOW,
        "answer_due_at": NOW + timedelta(days=14),
        "state_changed_at": NOW,
    }
    facts = {**defaults, **values}
    for side in Side:
        if facts[f"{side}_answer"] is not Answer.PENDING:
            facts.setdefault(f"{side}_answered_at", facts["proposed_at"])
    if facts.get("state") is IntroductionState.SUPERSEDED:
        facts.setdefault("superseded_because", SupersededReason.PROGRAMME_CLOSED)
    return Introduction(
        professional=professional or make_professional(),
        programme=programme or make_programme(),
        proposed_by=proposed_by,
        **facts,
    )


def _answer(proposed_by: Proposer, side: Proposer) -> Answer:
    return Answer.YES if proposed_by is side else Answer.PENDING


@_saved
def make_outcode(outcode: str = "KY12", **values: Any) -> Outcode:
    """Dunfermline's postcode district, unless told otherwise."""
    defaults = {"latitude": 56.07, "longitude": -3.46, "town": "Dunfermline", "area_code": FIFE}
    return Outcode(outcode=outcode, **{**defaults, **values})


def make_figures(
    table_key: str,
    area_code: str,
    period_key: str,
    figures: Mapping[tuple[str, str], int | str],
) -> None:
    """Published figures, by row and column; "*" is one that is hidden and "x" one withheld.

    The release of the period's last month is published with the first of them.
    """
    period = find_period(period_key)
    assert period is not None, period_key
    month = period.last_month.key
    release = db.session.scalar(select(StatisticsRelease).filter_by(month=month))
    if release is None:
        release = StatisticsRelease(month=month, begun_at=NOW, published_at=NOW)
        db.session.add(release)
        db.session.flush()
    for (row, column), figure in figures.items():
        db.session.add(
            StatisticFigure(
                period_key=period.key,
                table_key=table_key,
                area_code=area_code,
                row_key=row,
                column_key=column,
                release_id=release.id,
                shown=None if isinstance(figure, str) else figure,
                is_withheld=figure == "x",
            )
        )
    db.session.flush()


@_saved
def make_wave(*, asked: Iterable[Asked] | None = None, **values: Any) -> SurveyWave:
    """A draft for Fife with the built-in questions; open or closed where a time says so."""
    facts = {
        "title": "How we work together",
        "introduction": "Ten minutes for next year's plan.",
        "area_code": NHS_FIFE,
        "created_at": NOW,
        **values,
    }
    if "closed_at" in facts:
        facts.setdefault("opened_at", NOW)
        facts.setdefault("figures", NOTHING_TO_SHOW)
    if "opened_at" in facts:
        is_over = "closed_at" in facts
        facts |= {"state": WaveState.CLOSED if is_over else WaveState.OPEN}
        facts.setdefault("key_mark", keys.key_mark())
    questions = baseline() if asked is None else asked
    return SurveyWave(
        questions=[
            SurveyQuestion(
                key=each.key,
                section=each.section,
                kind=each.kind,
                position=position,
                wording=each.wording,
                low_label=each.low_label,
                high_label=each.high_label,
            )
            for position, each in enumerate(questions)
        ],
        **facts,
    )


@_saved
def make_practice_example(
    introduction: Introduction | None = None,
    *,
    state: ExampleState = ExampleState.DRAFT,
    conditions: Iterable[str] = ("stroke",),
    **values: Any,
) -> PracticeExample:
    """A whole example of a completed introduction; agreed by both where its state says so."""
    agreed = NOW if state in (ExampleState.WAITING, ExampleState.PUBLISHED) else None
    is_published = state is ExampleState.PUBLISHED
    defaults = {
        "title": "A choir that waits for people after a stroke",
        "did": "We asked people on the ward whether they like to sing.",
        "changed": "Six people a month come to the choir.",
        "took": "An hour a month, and a leaflet.",
        "advice": "Visit each other first.",
        "profession": "physiotherapist",
        "area_code": NHS_FIFE,
        "professional_agreed_at": agreed,
        "programme_agreed_at": agreed,
        "reviewed_at": NOW if is_published else None,
        "published_at": NOW if is_published else None,
        "withdrawn_at": NOW if state is ExampleState.WITHDRAWN else None,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return PracticeExample(
        introduction=introduction or make_completed_introduction(),
        state=state,
        terms=[PracticeExampleTerm(field=TermField.CONDITION, code=code) for code in conditions],
        **{**defaults, **values},
    )


def make_completed_introduction(**values: Any) -> Introduction:
    """An introduction of which what both wanted came."""
    return make_introduction(
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        **{
            "state": IntroductionState.COMPLETED,
            "outcome": Outcome.ACHIEVED,
            "released_at": NOW,
            "closed_at": NOW,
            **values,
        },
    )


@_saved
def make_answers(
    wave: SurveyWave, user: User, *, quotable: bool = False, is_sent: bool = True, **answers: str
) -> SurveyInvitation:
    """What a person has answered: by the key of the question, with `_` for its dot."""
    questions = {each.key.replace(".", "_"): each for each in wave.questions}
    rows = []
    for key, said in answers.items():
        question = questions[key]
        is_text = question.kind is QuestionKind.TEXT
        rows.append(
            SurveyAnswer(
                question=question,
                choice="" if is_text else said,
                text=said if is_text else "",
                may_quote=is_text and quotable,
            )
        )
    db.session.flush()
    response = SurveyResponse(
        wave_id=wave.id, person_key=keys.person_key(user.id), is_sent=is_sent, answers=rows
    )
    db.session.add(response)
    return SurveyInvitation(wave=wave, user_id=user.id, has_answered=is_sent)
