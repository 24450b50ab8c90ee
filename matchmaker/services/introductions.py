"""Asking for an introduction and answering one: the rules until both have said yes.

Every function that changes an introduction takes its rows in the order of `introduction_locks`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    DeclineReason,
    DismissalKind,
    Introduction,
    IntroductionState,
    Professional,
    Programme,
    Proposer,
    Side,
    User,
    Waiting,
)
from matchmaker.models.introduction import OPEN_STATES, WORKING_STATES
from matchmaker.services import (
    audit,
    capacity,
    dismissals,
    example_withdrawals,
    introduction_mail,
    throttle,
    waiting,
    withheld_mail,
)
from matchmaker.services.errors import (
    AlreadyAnswered,
    AlreadyIntroduced,
    DomainError,
    FieldError,
    NoPlacesLeft,
)
from matchmaker.services.hindrances import refuse_if_hindered
from matchmaker.services.introduction_locks import (
    list_open_proposals,
    lock_introduction,
    lock_programme,
)
from matchmaker.services.introduction_lookups import find_open_introduction
from matchmaker.services.throttle import Key

TIME_TO_ANSWER = timedelta(days=14)
PURPOSE_MAX_LENGTH = 2000


def propose(
    professional: Professional,
    programme: Programme,
    *,
    proposed_by: Proposer,
    purpose: str,
    actor: User,
    now: datetime,
    lead_note: str = "",
) -> Introduction:
    """Ask for an introduction. The side that asks has said yes; after a lead, both still answer.

    Raises:
        FieldError: The purpose is empty or too long.
        AlreadyIntroduced: The two have an open introduction.
        Throttled: The actor has asked for very many in the last hour.
        DomainError: The two cannot be introduced at present; see `hindrances`.
    """
    purpose = _checked_purpose(purpose)
    throttle.take([Key(throttle.PROPOSER, str(actor.id))], now=now)
    # Whoever goes away at this moment comes before this, or finds the proposal and lets it wait.
    _keep_in_place(professional)
    lock_programme(programme)
    refuse_if_hindered(professional, programme, proposed_by=proposed_by, now=now)
    introduction = Introduction(
        professional=professional,
        programme=programme,
        proposed_by=proposed_by,
        proposer_user_id=actor.id,
        state=IntroductionState.PROPOSED,
        professional_answer=Answer.PENDING,
        programme_answer=Answer.PENDING,
        purpose=purpose,
        lead_note=lead_note.strip(),
        proposed_at=now,
        answer_due_at=now + TIME_TO_ANSWER,
        state_changed_at=now,
    )
    if proposed_by is not Proposer.LEAD:
        introduction.record_answer(Side(proposed_by), Answer.YES, now)
    _flush_unless_introduced(introduction)
    audit.record(
        "introduction.proposed", introduction, actor=actor, now=now, proposed_by=str(proposed_by)
    )
    waiting.reconsider(introduction, now=now)
    introduction_mail.tell_of_proposal(introduction, now=now)
    db.session.flush()
    return introduction


def accept(introduction: Introduction, side: Side, *, actor: User, now: datetime) -> Introduction:
    """Say yes for `side`. The second yes takes a place and releases contact details to both.

    Raises:
        AlreadyAnswered: The side has answered, or the introduction has moved on.
        NoPlacesLeft: The programme is full this month; the proposal waits.
    """
    programme = lock_programme(introduction.programme)
    introduction = lock_introduction(introduction)
    check_awaits_answer_of(introduction, side)
    if introduction.waiting_for is Waiting.PLACES and capacity.free_places(programme, now) == 0:
        raise NoPlacesLeft(_no_places_sentence())
    if introduction.answer_of(side.other) is Answer.YES:
        # The place is taken before anything is written down: without one nothing has happened.
        capacity.take_place(programme, now)
        _record_answer(introduction, side, Answer.YES, now=now)
        introduction.move_to(IntroductionState.ACCEPTED, now)
    else:
        _record_answer(introduction, side, Answer.YES, now=now)
    introduction.version += 1
    audit.record("introduction.answered_yes", introduction, actor=actor, now=now, side=str(side))
    if introduction.is_released:
        audit.record("introduction.accepted", introduction, actor=actor, now=now)
        introduction_mail.tell_of_acceptance(introduction, now=now)
        _let_others_wait_if_full(programme, now=now)
    db.session.flush()
    return introduction


def decline(
    introduction: Introduction,
    side: Side,
    *,
    reason: DeclineReason,
    note: str,
    actor: User,
    now: datetime,
    passed_to: Programme | None = None,
) -> Introduction:
    """Say no for `side`. The reason stays private; the others read "not taken forward".

    "Not now" puts the two aside for 90 days; after any other no they are not suggested again.

    Args:
        introduction: A proposal.
        side: The side that says no.
        reason: Why; `handing_on` has more to say about naming a colleague.
        note: Anything else, in the person's words.
        actor: Who says it.
        now: The moment, in UTC.
        passed_to: The programme that is named in place of this one.

    Raises:
        AlreadyAnswered: The side has answered, or the introduction has moved on.
    """
    professional = introduction.professional
    if reason is DeclineReason.NOT_NOW:
        dismissals.lock(side, professional, introduction.programme)
    programme = lock_programme(introduction.programme)
    introduction = lock_introduction(introduction)
    check_awaits_answer_of(introduction, side)
    _record_answer(introduction, side, Answer.NO, now=now)
    introduction.decline_reason = reason
    introduction.decline_note = note.strip()
    introduction.passed_to_programme = passed_to
    move(introduction, IntroductionState.DECLINED, "declined", actor=actor, now=now)
    if reason is DeclineReason.NOT_NOW:
        dismissals.put_aside(
            side, professional, programme, kind=DismissalKind.NOT_NOW, actor=actor, now=now
        )
    introduction_mail.tell_of_decline(introduction, declined_by=side, now=now)
    return introduction


def withdraw(introduction: Introduction, side: Side, *, actor: User, now: datetime) -> Introduction:
    """Take back a yes, before or after acceptance; contact details are hidden at once.

    Raises:
        AlreadyAnswered: The introduction is over.
        DomainError: The side has not said yes, so there is nothing to take back.
    """
    lock_programme(introduction.programme)
    introduction = lock_introduction(introduction)
    if introduction.state not in OPEN_STATES:
        raise AlreadyAnswered(_over_sentence(introduction))
    if introduction.answer_of(side) is not Answer.YES:
        raise DomainError(_("You have not said yes to this introduction. You can say no instead."))
    was_working = introduction.state in WORKING_STATES
    move(introduction, IntroductionState.WITHDRAWN, "withdrawn", actor=actor, now=now)
    withheld_mail.withhold_words_of(introduction, now=now)
    example_withdrawals.withdraw_with_introduction(introduction, side, actor=actor, now=now)
    introduction_mail.tell_of_withdrawal(
        introduction, withdrawn_by=side, was_accepted=was_working, now=now
    )
    return introduction


def _keep_in_place(professional: Professional) -> None:
    """Read afresh whether the professional is there, and let nobody change it meanwhile."""
    db.session.flush()
    db.session.refresh(
        professional,
        ["is_findable", "is_available", "available_again_on"],
        with_for_update={"read": True},
    )


def _checked_purpose(purpose: str) -> str:
    purpose = purpose.strip()
    if not purpose:
        raise FieldError(
            "purpose", _("Say in a sentence or two what you would like to do together")
        )
    if len(purpose) > PURPOSE_MAX_LENGTH:
        raise FieldError(
            "purpose",
            _("The purpose must be %(most)s characters or fewer", most=PURPOSE_MAX_LENGTH),
        )
    return purpose


def _flush_unless_introduced(introduction: Introduction) -> None:
    if find_open_introduction(introduction.professional, introduction.programme) is not None:
        raise AlreadyIntroduced(_introduced_sentence())
    try:
        with db.session.begin_nested():
            db.session.add(introduction)
    except IntegrityError as error:
        raise AlreadyIntroduced(_introduced_sentence()) from error


def check_awaits_answer_of(introduction: Introduction, side: Side) -> None:
    """Make sure that `side` can still answer, or ask before it does.

    Raises:
        AlreadyAnswered: It has answered, or the introduction has moved on.
    """
    if introduction.state is not IntroductionState.PROPOSED:
        raise AlreadyAnswered(_over_sentence(introduction))
    if introduction.answer_of(side) is not Answer.PENDING:
        raise AlreadyAnswered(
            _("Your side has already said yes. We are waiting for the other side.")
        )


def _record_answer(
    introduction: Introduction, side: Side, answer: Answer, *, now: datetime
) -> None:
    """Write an answer down; what its side had asked is not waited for any more.

    An answer that settles the proposal ends any waiting, so that `answer_due_at` keeps saying for
    how long the clock ran.
    """
    settles = answer is Answer.NO or introduction.answer_of(side.other) is Answer.YES
    closed = waiting.close_question(introduction, now=now, of_side=None if settles else side)
    if settles and introduction.waiting_for is not None:
        waiting.resume(introduction, now=now)
    elif closed is not None and waiting.reconsider(introduction, now=now) is Waiting.PLACES:
        introduction_mail.tell_of_waiting(introduction, now=now)
    introduction.record_answer(side, answer, now)


def _let_others_wait_if_full(programme: Programme, *, now: datetime) -> None:
    if capacity.free_places(programme, now) != 0:
        return
    for introduction in list_open_proposals(programme):
        if introduction.waiting_for is None:
            waiting.reconsider(introduction, now=now)
            introduction_mail.tell_of_waiting(introduction, now=now)


def move(
    introduction: Introduction,
    state: IntroductionState,
    event: str,
    *,
    actor: User | None,
    now: datetime,
) -> None:
    """Let a locked introduction go to a state in which nothing is asked any more."""
    introduction.move_to(state, now)
    waiting.close_question(introduction, now=now)
    introduction.version += 1
    audit.record(f"introduction.{event}", introduction, actor=actor, now=now)
    db.session.flush()


def _introduced_sentence() -> str:
    return _("The two of you have an introduction under way already.")


def _over_sentence(introduction: Introduction) -> str:
    """What somebody reads who acts on an introduction that has moved on without them."""
    sentences: dict[IntroductionState, str] = {
        IntroductionState.WITHDRAWN: _(
            "This introduction was taken back in the meantime. Nothing has been changed."
        ),
        IntroductionState.EXPIRED: _(
            "The time to answer this introduction has passed. Nothing has been changed."
        ),
        IntroductionState.SUPERSEDED: _(
            "This introduction was closed in the meantime. Nothing has been changed."
        ),
    }
    already_answered: str = _(
        "This introduction has already been answered. Nothing has been changed."
    )
    return sentences.get(introduction.state, already_answered)


def _no_places_sentence() -> str:
    return _(
        "This programme has no places left this month. The introduction waits, and both of you"
        " will hear from us when there are places again."
    )
