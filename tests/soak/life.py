"""The whole life of introductions as a state machine: everybody, everything they do, and time.

After every step it looks at what must always be so. What it expects it works out for itself, from
what was done and how long things waited, and not with the rules it is there to test.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import (
    AuditEvent,
    Block,
    CameOfIt,
    CheckIn,
    DeclineReason,
    EndReason,
    Going,
    Introduction,
    IntroductionQuestion,
    IntroductionState,
    OutboxMail,
    Outcome,
    ProgrammeMonth,
    Proposer,
    Side,
    Waiting,
    WouldHelp,
)
from matchmaker.services import (
    blocking,
    check_ins,
    introduction_clock,
    introductions,
    organisations,
    partnerships,
    professionals,
    programmes,
    questions,
)
from matchmaker.services.clock import london_month
from matchmaker.services.errors import DomainError
from tests.factories import (
    make_lead,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)

# A month before the clocks go back in London, and a year and a half before a 29 February.
BEGINNING = datetime(2026, 9, 25, 10, 0, tzinfo=UTC)
TIME_TO_ANSWER = timedelta(days=14)
OPEN = {"proposed", "accepted", "active", "on_hold"}
RELEASED = {"accepted", "active", "on_hold", "completed", "ended"}
# Which states may follow which, as the design says it.
NEXT = {
    "proposed": {"accepted", "declined", "withdrawn", "expired", "superseded"},
    "accepted": {"active", "on_hold", "completed", "ended", "withdrawn"},
    "active": {"on_hold", "completed", "ended", "withdrawn"},
    "on_hold": {"active", "completed", "ended", "withdrawn"},
}

numbers = st.integers(0, 11)
sides = st.sampled_from(Side)
hours = st.sampled_from([1, 5, 24, 24, 24 * 3, 24 * 6, 24 * 8, 24 * 16, 24 * 32, 24 * 93])


class Life(RuleBasedStateMachine):
    """Two professionals, two organisations with three programmes, and a lead.

    An example lives in one transaction, which is rolled back when it ends; each action has a
    savepoint, as each request has a transaction.
    """

    steps = 0
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGINNING
        self.states: dict[int, str] = {}
        self.waited: Counter[int] = Counter()
        self.last_event = db.session.scalar(select(func.max(AuditEvent.id))) or 0
        self.last_mail = db.session.scalar(select(func.max(OutboxMail.id))) or 0
        self.told: set[tuple[str, str, str]] = set()

    @initialize()
    def begin(self) -> None:
        self.professionals = [
            make_professional(user=make_user(phone=f"01592 55512{n}"), created_at=self.now)
            for n in range(2)
        ]
        self.organisations = [
            make_organisation(members=[make_user(), make_user()]),
            make_organisation(members=[make_user()]),
        ]
        first, second = self.organisations
        self.programmes = [
            make_programme(organisation=first, places_per_month=1),
            make_programme(organisation=first),
            make_programme(organisation=second, places_per_month=2),
        ]
        self.limited = [self.programmes[0], self.programmes[2]]
        self.lead = make_lead()
        for who, what in ((0, 1), (1, 0), (1, 2)):
            self.propose(who, what, Proposer.LEAD)

    # What people do.

    @rule(who=numbers, what=numbers, by=st.sampled_from(Proposer))
    def propose(self, who: int, what: int, by: Proposer) -> None:
        professional, programme = _pick(self.professionals, who), _pick(self.programmes, what)
        actor = {
            Proposer.PROFESSIONAL: professional.user,
            Proposer.PROGRAMME: programme.organisation.memberships[0].user,
            Proposer.LEAD: self.lead,
        }[by]
        self._do(
            introductions.propose,
            professional,
            programme,
            proposed_by=by,
            purpose="To see who could come.",
            actor=actor,
        )

    @precondition(lambda self: self.states)
    @rule(
        which=numbers,
        side=sides,
        who=numbers,
        do=st.sampled_from(["accept", "accept", "accept", "decline", "withdraw", "ask", "reply"]),
        reason=st.sampled_from(DeclineReason),
    )
    def answer(self, which: int, side: Side, who: int, do: str, reason: DeclineReason) -> None:
        introduction = self._one_of(which, {"proposed"})
        actor = _person(introduction, side, who)
        if do in {"ask", "reply"}:
            words = {"ask": "On which day do you meet?", "reply": "On Tuesdays."}[do]
            self._do(getattr(questions, do), introduction, side, words, actor=actor)
        else:
            values = {"reason": reason, "note": "Sorry."} if do == "decline" else {}
            self._do(getattr(introductions, do), introduction, side, actor=actor, **values)

    @precondition(lambda self: self.states)
    @rule(
        which=numbers,
        side=sides,
        who=numbers,
        do=st.sampled_from(["write", "agree", "start", "hold", "complete", "end", "withdraw"]),
        words=numbers,
    )
    def work(self, which: int, side: Side, who: int, do: str, words: int) -> None:
        introduction = self._one_of(which, OPEN - {"proposed"})
        actor = _person(introduction, side, who)
        if do == "write":
            seen_id = partnerships.newest_message_id(introduction)
            self._do(
                partnerships.send_message,
                introduction,
                side,
                f"Hello number {words}",
                seen_id=seen_id,
                actor=actor,
            )
            db.session.expire(introduction, ["messages"])
        elif do == "withdraw":
            self._do(introductions.withdraw, introduction, side, actor=actor)
        else:
            values = {
                "agree": {
                    "shared_purpose": f"{words} more people find the group.",
                    "next_step": "Visit it.",
                    "next_step_on": self.now.date(),
                    "version": introduction.version,
                },
                "complete": {"outcome": Outcome.PARTLY, "note": "Nine came."},
                "end": {"reason": EndReason.NO_CONTACT, "note": ""},
            }.get(do, {})
            self._do(getattr(partnerships, do), introduction, actor=actor, **values)

    @precondition(lambda self: self.asked_how_it_goes)
    @rule(
        which=numbers,
        who=numbers,
        going=st.sampled_from(Going),
        came_of_it=st.sampled_from(CameOfIt),
        would_help=st.sampled_from(WouldHelp),
    )
    def answer_check_in(self, which: int, who: int, **answers: object) -> None:
        # Mostly one of the newest.
        check_in = _pick(self.asked_how_it_goes[-2:] + self.asked_how_it_goes, which)
        person = _person(check_in.introduction, check_in.side, who)
        self._do(check_ins.answer, check_in, note="", actor=person, **answers)

    @rule(
        who=numbers,
        what=numbers,
        do=st.sampled_from(
            [
                *("go_away", "come_back", "come_back", "pause", "reopen", "reopen", "close"),
                *("set_places", "set_places", "block", "unblock", "unblock", "leave"),
            ]
        ),
        days=st.sampled_from([None, 3, 20, 59, 61]),
        side=sides,
    )
    def change_circumstances(
        self, who: int, what: int, do: str, days: int | None, side: Side
    ) -> None:
        professional, programme = _pick(self.professionals, who), _pick(self.programmes, what)
        organisation = programme.organisation
        owner = organisation.memberships[0].user
        if do in {"go_away", "come_back"}:
            self._set_availability(professional, is_available=do == "come_back", days=days)
        elif do == "set_places":
            self._do(programmes.set_places, _pick(self.limited, what), who % 4, actor=owner)
        elif do == "block":
            actor = professional.user if side is Side.PROFESSIONAL else owner
            self._do(blocking.block, side, professional, organisation, actor=actor)
        elif do == "unblock":
            for made in db.session.scalars(select(Block)).all():
                self._do(blocking.unblock, made, actor=made.professional.user)
        elif do == "leave":
            self._leave()
        else:
            self._do(getattr(programmes, do), programme, actor=owner)

    def _set_availability(self, professional, *, is_available: bool, days: int | None) -> None:
        back_on = None if days is None else self.now.date() + timedelta(days=days)
        self._do(
            professionals.save,
            professional,
            professionals.Visibility(
                is_findable=True, is_available=is_available, available_again_on=back_on
            ),
            version=professional.version,
            actor=professional.user,
        )

    def _leave(self) -> None:
        """The second member of the first organisation goes, if still there."""
        organisation = self.organisations[0]
        owner, *others = organisation.memberships
        for each in others:
            self._do(organisations.remove_member, each, actor=owner.user)
            db.session.refresh(organisation)

    # What time does.

    @rule(passed=hours, worker_runs=st.booleans())
    def let_time_pass(self, passed: int, worker_runs: bool) -> None:
        for introduction in self._introductions():
            if introduction.waiting_for is not None:
                self.waited[introduction.id] += passed
        self.now += timedelta(hours=passed)
        if worker_runs:
            self.run_worker()

    @rule()
    def run_worker(self) -> None:
        self._do(professionals.end_absences)
        self._do(introduction_clock.close_unanswered_questions)
        self._do(introduction_clock.supersede_long_absences)
        self._do(introduction_clock.reopen_waiting)
        self._do(introduction_clock.remind_due)
        self._do(introduction_clock.expire_due, find_others=lambda *_args, **_options: [])
        self._do(check_ins.ask_due)
        self._check_nothing_is_overdue()

    def _check_nothing_is_overdue(self) -> None:
        for each in self._introductions():
            if each.state is not IntroductionState.PROPOSED or each.waiting_for is not None:
                continue
            ran = self.now - each.proposed_at - self._time_waited(each)
            assert ran < TIME_TO_ANSWER
            assert each.reminders == (ran >= timedelta(days=7)) + (ran >= timedelta(days=12))

    # What is always so.

    @invariant()
    def check(self) -> None:
        if not hasattr(self, "lead"):
            return
        type(self).steps += 1
        db.session.flush()
        events, mails = self._news()
        type(self).seen.update(event.action for event in events)
        found = self._introductions()
        for each in found:
            self._check_moves(each, events)
            self._check_contacts(each)
            self._check_clock(each)
            self._check_questions(each)
        self._check_places()
        self._check_pairs(found)
        self._check_mails(mails, events)
        self.states = {each.id: str(each.state) for each in found}

    def _check_moves(self, introduction: Introduction, events: list[AuditEvent]) -> None:
        """A state changes as the design says, and with an audit event of its own."""
        before, after = self.states.get(introduction.id), str(introduction.state)
        own = Counter(
            event.action
            for event in events
            if event.subject_type == "introduction" and event.subject_id == introduction.id
        )
        if before == after:
            assert own[f"introduction.{after}"] == 0
            return
        assert own[f"introduction.{after}"] == 1
        if before is None:
            assert after == "proposed"
        else:
            assert after in NEXT.get(before, set())

    def _check_contacts(self, introduction: Introduction) -> None:
        for side in Side:
            contact = partnerships.contact_of(introduction, side)
            assert (contact is not None) == (introduction.state in RELEASED)

    def _check_clock(self, introduction: Introduction) -> None:
        if introduction.state is not IntroductionState.PROPOSED:
            return
        since = introduction.waiting_since_at
        standing = timedelta(0) if since is None else self.now - since
        due_at = introduction.proposed_at + TIME_TO_ANSWER + self._time_waited(introduction)
        assert introduction.answer_due_at + standing == due_at

    def _time_waited(self, introduction: Introduction) -> timedelta:
        return timedelta(hours=self.waited[introduction.id])

    def _check_questions(self, introduction: Introduction) -> None:
        is_open = db.session.scalar(
            select(func.count(IntroductionQuestion.id)).where(
                IntroductionQuestion.introduction_id == introduction.id,
                IntroductionQuestion.closed_at.is_(None),
            )
        )
        if introduction.state is not IntroductionState.PROPOSED:
            assert not is_open
        elif introduction.waiting_for is Waiting.QUESTION:
            assert is_open

    def _check_places(self) -> None:
        months = db.session.scalars(
            select(ProgrammeMonth).execution_options(populate_existing=True)
        ).all()
        accepted = Counter(
            (programme_id, london_month(at))
            for programme_id, at in db.session.execute(
                select(Introduction.programme_id, AuditEvent.at)
                .join(AuditEvent, AuditEvent.subject_id == Introduction.id)
                .where(AuditEvent.action == "introduction.accepted")
            )
        )
        taken = {(each.programme_id, each.month): each.taken for each in months}
        for each in months:
            assert 0 <= each.taken <= each.places
        for programme in self.limited:
            for month in {month for _id, month in (*accepted, *taken)}:
                assert accepted[programme.id, month] == taken.get((programme.id, month), 0)

    def _check_pairs(self, found: list[Introduction]) -> None:
        pairs = Counter(
            (each.professional_id, each.programme_id) for each in found if each.state in OPEN
        )
        assert set(pairs.values()) <= {1}
        apart = set(db.session.execute(select(Block.professional_id, Block.organisation_id)).all())
        for each in found:
            if each.state in OPEN:
                assert (each.professional_id, each.programme.organisation_id) not in apart

    def _check_mails(self, mails: list[OutboxMail], events: list[AuditEvent]) -> None:
        """Nobody is told of one event twice, everybody of an acceptance, and nobody a contact."""
        accepted = Counter()
        for mail in mails:
            topic, _, rest = mail.dedupe_key.partition(":")
            if topic != "introduction":
                continue
            introduction_id, _, rest = rest.partition(":")
            event, _, user_id = rest.rpartition(":user:")
            event = event.removesuffix(":professional").removesuffix(":programme")
            told = (introduction_id, event, user_id)
            assert told not in self.told
            self.told.add(told)
            accepted[int(introduction_id)] += event == "accepted"
            for person in self._everybody():
                assert person.email not in mail.body
                assert person.phone not in mail.body
        for event in events:
            if event.action == "introduction.accepted":
                introduction = db.session.get(Introduction, event.subject_id)
                members = introduction.programme.organisation.memberships
                assert accepted[introduction.id] == 1 + len(members)

    def _everybody(self) -> list[object]:
        return [each.user for each in self.professionals]

    # How it is done.

    def _news(self) -> tuple[list[AuditEvent], list[OutboxMail]]:
        """What was written down and mailed in this step."""
        events = list(
            db.session.scalars(
                select(AuditEvent).where(AuditEvent.id > self.last_event).order_by(AuditEvent.id)
            )
        )
        mails = list(
            db.session.scalars(
                select(OutboxMail).where(OutboxMail.id > self.last_mail).order_by(OutboxMail.id)
            )
        )
        self.last_event = events[-1].id if events else self.last_event
        self.last_mail = mails[-1].id if mails else self.last_mail
        return events, mails

    def _introductions(self) -> list[Introduction]:
        return list(db.session.scalars(select(Introduction).order_by(Introduction.id)))

    def _one_of(self, which: int, states: set[str]) -> Introduction:
        """Mostly one of those where what follows makes sense; and now and then any other."""
        found = self._introductions()
        fitting = [each for each in found if each.state in states]
        return _pick(fitting if fitting and which else found, which)

    @property
    def asked_how_it_goes(self) -> list[CheckIn]:
        return list(db.session.scalars(select(CheckIn).order_by(CheckIn.id)))

    def _do(self, do, *args: object, **values: object) -> None:
        """Do it, or be refused; a refusal leaves nothing behind."""
        before = db.session.begin_nested()
        try:
            do(*args, now=self.now, **values)
        except DomainError:
            before.rollback()
        else:
            before.commit()

    def teardown(self) -> None:
        db.session.rollback()


def _pick(choices, number: int):
    return choices[number % len(choices)]


def _person(introduction: Introduction, side: Side, who: int):
    if side is Side.PROFESSIONAL:
        return introduction.professional.user
    return _pick(introduction.programme.organisation.memberships, who).user
