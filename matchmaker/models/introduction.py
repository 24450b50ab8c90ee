"""Two answers and a life: an introduction between a professional and a programme."""

from __future__ import annotations

import enum
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.extensions import Base, closed_set
from matchmaker.models.professional import Professional
from matchmaker.models.programme import Programme
from matchmaker.models.user import User


class IntroductionState(enum.StrEnum):
    """Where an introduction stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    ENDED = "ended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


S = IntroductionState

ALLOWED_MOVES = MappingProxyType(
    {
        S.PROPOSED: frozenset({S.ACCEPTED, S.DECLINED, S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED}),
        S.ACCEPTED: frozenset({S.ACTIVE, S.ON_HOLD, S.COMPLETED, S.ENDED, S.WITHDRAWN}),
        S.ACTIVE: frozenset({S.ON_HOLD, S.COMPLETED, S.ENDED, S.WITHDRAWN}),
        S.ON_HOLD: frozenset({S.ACTIVE, S.COMPLETED, S.ENDED, S.WITHDRAWN}),
        S.COMPLETED: frozenset(),
        S.ENDED: frozenset(),
        S.DECLINED: frozenset(),
        S.WITHDRAWN: frozenset(),
        S.EXPIRED: frozenset(),
        S.SUPERSEDED: frozenset(),
    }
)

# States in which the two are, or may yet be, working together: a pair has at most one of these.
OPEN_STATES = frozenset({S.PROPOSED, S.ACCEPTED, S.ACTIVE, S.ON_HOLD})
# States in which each side sees the other's contact details.
RELEASED_STATES = frozenset({S.ACCEPTED, S.ACTIVE, S.ON_HOLD, S.COMPLETED, S.ENDED})
# States in which the two can write to each other and agree on things.
WORKING_STATES = frozenset({S.ACCEPTED, S.ACTIVE, S.ON_HOLD})


class Side(enum.StrEnum):
    """One of the two who are introduced."""

    PROFESSIONAL = "professional"
    PROGRAMME = "programme"

    @property
    def other(self) -> Side:
        """The side across the table."""
        return Side.PROGRAMME if self is Side.PROFESSIONAL else Side.PROFESSIONAL


class Proposer(enum.StrEnum):
    """Who asked for the introduction."""

    PROFESSIONAL = "professional"
    PROGRAMME = "programme"
    LEAD = "lead"


class Answer(enum.StrEnum):
    """What a side has said so far."""

    PENDING = "pending"
    YES = "yes"
    NO = "no"


class Waiting(enum.StrEnum):
    """What an open proposal waits for while its clock stands still."""

    PLACES = "places"
    CLAIM = "claim"
    QUESTION = "question"
    AWAY = "away"


class DeclineReason(enum.StrEnum):
    """Why a side said no; it is never shown to the other side."""

    NOT_A_FIT = "not_a_fit"
    NO_TIME = "no_time"
    TOO_FAR = "too_far"
    ALREADY_IN_TOUCH = "already_in_touch"
    NOT_NOW = "not_now"
    COLLEAGUE = "colleague"
    OTHER = "other"


class SupersededReason(enum.StrEnum):
    """What overtook a proposal before it was answered."""

    PROGRAMME_CLOSED = "programme_closed"
    AWAY = "away"


class EndReason(enum.StrEnum):
    """Why a partnership ended without being completed."""

    NO_CONTACT = "no_contact"
    CHANGED_ROLE = "changed_role"
    FUNDING_ENDED = "funding_ended"
    NOT_A_FIT = "not_a_fit"
    OTHER = "other"


class Outcome(enum.StrEnum):
    """What came of it, in the two sides' view."""

    ACHIEVED = "achieved"
    PARTLY = "partly"
    NOT_ACHIEVED = "not_achieved"


class MoveNotAllowed(Exception):
    """An introduction cannot go from its state to the wanted one."""

    def __init__(self, current: IntroductionState, wanted: IntroductionState) -> None:
        super().__init__(f"An introduction cannot go from {current} to {wanted}.")


def _sql_list(values: frozenset[IntroductionState]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


class Introduction(Base):
    """An introduction; `state` moves only through `move_to`, and the table's CHECKs say the same.

    `answer_due_at` is when the proposal expires; while `waiting_for` is set the clock stands still
    and the time lost is added back when the waiting ends. `reminders` counts the reminders sent,
    `reminded_at` is when the last one was. `passed_to_programme_id` is the programme that somebody
    who said no named in place of theirs, `began_at` when the two first said that they work
    together, and `example_offered_at` when a side offered to tell what became of it.
    """

    __tablename__ = "introduction"
    __table_args__ = (
        CheckConstraint(
            f"(released_at IS NOT NULL) = (state IN ({_sql_list(RELEASED_STATES)}))",
            name="released_exactly_when_accepted",
        ),
        CheckConstraint(
            f"state NOT IN ({_sql_list(RELEASED_STATES)})"
            " OR (professional_answer = 'yes' AND programme_answer = 'yes')",
            name="accepted_by_both",
        ),
        CheckConstraint(
            "state <> 'proposed' OR NOT (professional_answer = 'yes' AND programme_answer = 'yes')",
            name="two_answers_are_an_acceptance",
        ),
        CheckConstraint(
            "(professional_answer = 'no' OR programme_answer = 'no') = (state = 'declined')",
            name="a_no_declines",
        ),
        CheckConstraint(
            "(decline_reason IS NOT NULL) = (state = 'declined')", name="decline_has_reason"
        ),
        CheckConstraint(
            "(outcome IS NOT NULL) = (state = 'completed')", name="outcome_when_completed"
        ),
        CheckConstraint("(end_reason IS NOT NULL) = (state = 'ended')", name="reason_when_ended"),
        CheckConstraint(
            f"(closed_at IS NULL) = (state IN ({_sql_list(OPEN_STATES)}))", name="closed_when_over"
        ),
        CheckConstraint(
            "(waiting_for IS NULL) = (waiting_since_at IS NULL)", name="waiting_has_a_start"
        ),
        CheckConstraint("waiting_for IS NULL OR state = 'proposed'", name="only_proposals_wait"),
        CheckConstraint(
            "(superseded_because IS NOT NULL) = (state = 'superseded')",
            name="reason_when_superseded",
        ),
        CheckConstraint(
            "(professional_answered_at IS NULL) = (professional_answer = 'pending')",
            name="professional_answer_has_time",
        ),
        CheckConstraint(
            "(programme_answered_at IS NULL) = (programme_answer = 'pending')",
            name="programme_answer_has_time",
        ),
        CheckConstraint(
            "began_at IS NULL OR (professional_answer = 'yes' AND programme_answer = 'yes')",
            name="begun_by_both",
        ),
        CheckConstraint("reminders >= 0 AND reminders <= 2", name="reminders_range"),
        Index(
            "uq_introduction_open_pair",
            "professional_id",
            "programme_id",
            unique=True,
            sqlite_where=text(f"state IN ({_sql_list(OPEN_STATES)})"),
            postgresql_where=text(f"state IN ({_sql_list(OPEN_STATES)})"),
        ),
        Index("ix_introduction_due", "state", "answer_due_at"),
        # Few wait at a time, and pages ask for these.
        Index(
            "ix_introduction_waiting_for",
            "waiting_for",
            sqlite_where=text("waiting_for IS NOT NULL"),
            postgresql_where=text("waiting_for IS NOT NULL"),
        ),
        Index(
            "ix_introduction_waiting",
            *("waiting_for", "programme_id", "waiting_since_at"),
            sqlite_where=text("waiting_for IS NOT NULL"),
            postgresql_where=text("waiting_for IS NOT NULL"),
        ),
        # A lead asks of everybody in a nation whether anybody ever answered them.
        Index(
            "ix_introduction_answers_to_professional",
            *("professional_id", "proposed_by", "state", "programme_answered_at"),
        ),
        Index(
            "ix_introduction_answers_to_programme",
            *("programme_id", "proposed_by", "state", "professional_answered_at"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    professional_id: Mapped[int] = mapped_column(
        ForeignKey("professional.id", ondelete="CASCADE"), index=True
    )
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    proposed_by: Mapped[Proposer]
    proposer_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[IntroductionState] = mapped_column(default=IntroductionState.PROPOSED)
    professional_answer: Mapped[Answer] = mapped_column(
        closed_set(Answer, "professional_answer"), default=Answer.PENDING
    )
    programme_answer: Mapped[Answer] = mapped_column(
        closed_set(Answer, "programme_answer"), default=Answer.PENDING
    )
    professional_answered_at: Mapped[datetime | None] = mapped_column(index=True)
    programme_answered_at: Mapped[datetime | None] = mapped_column(index=True)
    purpose: Mapped[str]
    lead_note: Mapped[str] = mapped_column(default="")
    proposed_at: Mapped[datetime] = mapped_column(index=True)
    answer_due_at: Mapped[datetime]
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    waiting_for: Mapped[Waiting | None]
    waiting_since_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None] = mapped_column(index=True)
    state_changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    decline_reason: Mapped[DeclineReason | None]
    decline_note: Mapped[str] = mapped_column(default="")
    superseded_because: Mapped[SupersededReason | None]
    passed_to_programme_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme.id", ondelete="SET NULL"), index=True
    )
    end_reason: Mapped[EndReason | None]
    outcome: Mapped[Outcome | None]
    closing_note: Mapped[str] = mapped_column(default="")
    shared_purpose: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    next_step_on: Mapped[date | None]
    example_offered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    professional: Mapped[Professional] = relationship()
    programme: Mapped[Programme] = relationship(foreign_keys=[programme_id])
    passed_to_programme: Mapped[Programme | None] = relationship(
        foreign_keys=[passed_to_programme_id]
    )
    messages: Mapped[list[IntroductionMessage]] = relationship(
        back_populates="introduction",
        cascade="all, delete-orphan",
        order_by="IntroductionMessage.id",
    )

    def answer_of(self, side: Side) -> Answer:
        """What `side` has said so far."""
        return self.professional_answer if side is Side.PROFESSIONAL else self.programme_answer

    def answered_at(self, side: Side) -> datetime | None:
        """When `side` answered; asking for an introduction is an answer, too."""
        is_professional = side is Side.PROFESSIONAL
        return self.professional_answered_at if is_professional else self.programme_answered_at

    def record_answer(self, side: Side, answer: Answer, now: datetime) -> None:
        """Write down what `side` says, and when."""
        if side is Side.PROFESSIONAL:
            self.professional_answer, self.professional_answered_at = answer, now
        else:
            self.programme_answer, self.programme_answered_at = answer, now

    def move_to(self, state: IntroductionState, now: datetime) -> None:
        """Go to `state`; contact details are released, or hidden again, in the same step.

        Raises:
            MoveNotAllowed: `ALLOWED_MOVES` has no such move.
        """
        if state not in ALLOWED_MOVES[self.state]:
            raise MoveNotAllowed(self.state, state)
        self.state = state
        self.state_changed_at = now
        self.waiting_for = None
        self.waiting_since_at = None
        if state not in RELEASED_STATES:
            self.released_at = None
        elif self.released_at is None:
            self.released_at = now
        if state is IntroductionState.ACTIVE and self.began_at is None:
            self.began_at = now
        if state not in OPEN_STATES:
            self.closed_at = now

    @property
    def is_released(self) -> bool:
        """Whether the two see each other's contact details."""
        return self.released_at is not None


class IntroductionMessage(Base):
    """What one side wrote to the other after both accepted."""

    __tablename__ = "introduction_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    introduction_id: Mapped[int] = mapped_column(
        ForeignKey("introduction.id", ondelete="CASCADE"), index=True
    )
    author_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    side: Mapped[Side]
    body: Mapped[str]
    created_at: Mapped[datetime]

    introduction: Mapped[Introduction] = relationship(back_populates="messages")
    author: Mapped[User | None] = relationship()
