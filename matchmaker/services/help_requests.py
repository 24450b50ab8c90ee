"""Asking a lead for help, when somebody looked for something and did not find it.

Leads of the area read it; where the area has none, administrators do. They see what an organisation
would see of whoever asks (`limited_view`) and the words they were sent, and answer with a note that
is mailed. Asking does not make anybody findable: a lead suggests an introduction by the same rule
as without it, so that of somebody who cannot be found they can only name programmes in the note.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from matchmaker.extensions import db
from matchmaker.models import (
    HelpRequest,
    HelpState,
    LeadScope,
    Organisation,
    Professional,
    User,
)
from matchmaker.services import audit, mail, places, throttle
from matchmaker.services.errors import AlreadyAnswered, DomainError, FieldError
from matchmaker.services.policy import Action, Actor, HelpCase, may
from matchmaker.services.throttle import Key
from matchmaker.vocabulary import load_vocabulary

WORDS_MAX_LENGTH = 1000
ANSWER_MAX_LENGTH = 2000
# Whoever waits for so many answers has asked enough.
MOST_OPEN = 3
OPEN = (HelpState.WAITING, HelpState.TAKEN)


def find_request(request_id: int) -> HelpRequest | None:
    """One request with whoever it is for, or None."""
    return db.session.scalar(_whole().where(HelpRequest.id == request_id))


def find_case(request_id: int) -> HelpCase | None:
    """One request as those who answer it see it, or None."""
    request = find_request(request_id)
    return None if request is None else _cases([request])[0]


def list_own(user: User) -> list[HelpRequest]:
    """What somebody asked for, the latest first."""
    own = _whole().where(HelpRequest.user_id == user.id)
    return list(
        db.session.scalars(own.order_by(HelpRequest.created_at.desc(), HelpRequest.id.desc()))
    )


def list_waiting(actor: Actor) -> list[HelpRequest]:
    """The open requests that this person may answer, the oldest first."""
    rows = _whole().where(HelpRequest.state.in_(OPEN))
    found = db.session.scalars(rows.order_by(HelpRequest.created_at, HelpRequest.id)).all()
    return [case.request for case in _cases(found) if may(actor, Action.ANSWER_HELP_REQUEST, case)]


def ask(
    asked_for: Professional | Organisation, *, words: str, where: str, actor: User, now: datetime
) -> HelpRequest:
    """Ask a lead for help.

    Args:
        asked_for: The professional, or an organisation the person belongs to.
        words: What they look for.
        where: A place, as somebody types it.
        actor: Who asks, and gets the answer.
        now: The moment, in UTC.

    Raises:
        FieldError: An answer is missing, too long, or no place we know.
        DomainError: They wait for several answers already.
        Throttled: They have asked very often; roll back.
    """
    throttle.take([Key(throttle.HELP_ASKER, str(actor.id))], now=now)
    words = _checked("words", words, WORDS_MAX_LENGTH, _("Say what you are looking for"))
    place = places.find_place(where) if where.strip() else None
    if place is None:
        raise FieldError("where", _("Enter a postcode, town, council or health board we know"))
    _check_how_many(actor)
    is_professional = isinstance(asked_for, Professional)
    request = HelpRequest(
        user=actor,
        professional_id=asked_for.id if is_professional else None,
        organisation_id=None if is_professional else asked_for.id,
        area_code=min(place.area_codes),
        words=words,
        state=HelpState.WAITING,
        created_at=now,
    )
    db.session.add(request)
    db.session.flush()
    audit.record("help.asked", request, actor=actor, now=now, area=request.area_code)
    return request


def take_back(request: HelpRequest, *, actor: User, now: datetime) -> HelpRequest:
    """Whoever asked needs no answer any more.

    Raises:
        AlreadyAnswered: It was answered, or taken back before.
    """
    request = _lock_open(request)
    _close(request, HelpState.WITHDRAWN, actor=actor, now=now)
    audit.record("help.taken_back", request, actor=actor, now=now)
    db.session.flush()
    return request


def take(request: HelpRequest, *, actor: User, now: datetime) -> HelpRequest:
    """Look after a request, so that nobody else does the same; taking it twice changes nothing.

    Raises:
        AlreadyAnswered: Somebody else looks after it, or it is over.
    """
    request = _lock_open(request)
    if request.taken_by_user_id == actor.id:
        return request
    if request.state is HelpState.TAKEN:
        raise AlreadyAnswered(_("Somebody else looks after this already. Nothing has changed."))
    request.state = HelpState.TAKEN
    request.taken_at = now
    request.taken_by_user_id = actor.id
    audit.record("help.taken", request, actor=actor, now=now)
    db.session.flush()
    return request


def put_back(request: HelpRequest, *, actor: User, now: datetime) -> HelpRequest:
    """Leave a request to others, whoever looked after it.

    Raises:
        AlreadyAnswered: It is over.
    """
    request = _lock_open(request)
    if request.state is HelpState.TAKEN:
        _let_go(request)
        request.state = HelpState.WAITING
        audit.record("help.put_back", request, actor=actor, now=now)
        db.session.flush()
    return request


def answer(request: HelpRequest, note: str, *, actor: User, now: datetime) -> HelpRequest:
    """Answer with a note, which is mailed, and close the request.

    Raises:
        AlreadyAnswered: Somebody else looks after it, or it is over.
        FieldError: There is no note, or it is too long.
    """
    note = _checked("note", note, ANSWER_MAX_LENGTH, _("Write an answer"))
    request = _lock_open(request)
    if request.taken_by_user_id not in (None, actor.id):
        raise AlreadyAnswered(_("Somebody else looks after this already. Nothing has changed."))
    request.answer = note
    _close(request, HelpState.ANSWERED, actor=actor, now=now)
    audit.record("help.answered", request, actor=actor, now=now)
    db.session.flush()
    mail.send(
        "help_answered", f"help:{request.id}:answered", to=request.user, now=now, help=request
    )
    return request


def record_look(request: HelpRequest, *, actor: User, now: datetime) -> None:
    """Write down that somebody read what was asked."""
    audit.record("help.read", request, actor=actor, now=now)
    db.session.flush()


def _checked(field: str, words: str, longest: int, missing: str) -> str:
    words = words.strip()
    if not words:
        raise FieldError(field, missing)
    if len(words) > longest:
        raise FieldError(field, _("Use %(longest)s characters or fewer", longest=longest))
    return words


def _check_how_many(actor: User) -> None:
    is_open = (HelpRequest.user_id == actor.id, HelpRequest.state.in_(OPEN))
    count = select(func.count()).select_from(HelpRequest).where(*is_open)
    if db.session.scalars(count).one() >= MOST_OPEN:
        raise DomainError(
            _("You wait for several answers already. Take one back, or wait until it has come.")
        )


def _cases(requests: Iterable[HelpRequest]) -> list[HelpCase]:
    """The requests, with whether somebody else than the asker looks after their areas."""
    areas = load_vocabulary().areas
    scopes = db.session.execute(select(LeadScope.area_code, LeadScope.user_id)).all()
    return [
        HelpCase(
            each,
            has_lead=any(
                code in {each.area_code} | areas.within(each.area_code) and lead != each.user_id
                for code, lead in scopes
            ),
        )
        for each in requests
    ]


def _close(request: HelpRequest, state: HelpState, *, actor: User, now: datetime) -> None:
    _let_go(request)
    request.state = state
    request.closed_at = now
    request.closed_by_user_id = actor.id


def _let_go(request: HelpRequest) -> None:
    request.taken_at = None
    request.taken_by_user_id = None


def _lock_open(request: HelpRequest) -> HelpRequest:
    locked = db.session.scalars(
        select(HelpRequest)
        .where(HelpRequest.id == request.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if locked is None or not locked.is_open:
        raise AlreadyAnswered(
            _("This has been answered, or is not wanted any more. Nothing has changed.")
        )
    return locked


def _whole() -> Select[HelpRequest]:
    professional = joinedload(HelpRequest.professional)
    organisation = joinedload(HelpRequest.organisation)
    return select(HelpRequest).options(
        joinedload(HelpRequest.user),
        professional.selectinload(Professional.areas),
        professional.selectinload(Professional.terms),
        organisation.selectinload(Organisation.programmes),
    )
