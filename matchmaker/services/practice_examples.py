"""Telling what two made of an introduction, so that others can learn from it.

Either side writes; both agree to the very words that are published, and whatever changes a word
takes both consents back. Then a lead of the area, or an administrator, who is neither side, reads
it for us. Either side withdraws it at any time, and it is gone at once: `example_withdrawals`.

Every function takes the introduction's row first, and then the example's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.extensions import db
from matchmaker.models import (
    ExampleState,
    Introduction,
    PracticeExample,
    PracticeExampleTerm,
    Professional,
    Programme,
    Side,
    TermField,
    User,
)
from matchmaker.services import audit, example_mail, example_offers, example_withdrawals
from matchmaker.services.errors import AlreadyAnswered, DomainError, FieldError, StaleVersion
from matchmaker.services.example_withdrawals import lock_example
from matchmaker.services.introduction_locks import lock_introduction
from matchmaker.services.limited_view import meeting_terms
from matchmaker.services.policy import Action, Actor, may
from matchmaker.services.statistics.scope import REST, area_of

TITLE_MAX_LENGTH = 120
TEXT_MAX_LENGTH = 3000
NOTE_MAX_LENGTH = 1000
TEXTS = ("did", "changed", "took", "advice")
# What both must have filled in before anybody agrees; advice may be left out.
NEEDED = ("title", "did", "changed", "took")

Term = tuple[TermField, str]


@dataclass(frozen=True, slots=True)
class ExampleDetails:
    """What is told, and whether the side that writes wants to be named with it."""

    title: str = ""
    did: str = ""
    changed: str = ""
    took: str = ""
    advice: str = ""
    terms: tuple[Term, ...] = ()
    names_own_side: bool = False


def find_example(example_id: int) -> PracticeExample | None:
    """One example with everything that its page shows, or None."""
    return db.session.scalar(_whole().where(PracticeExample.id == example_id))


def find_current(introduction: Introduction) -> PracticeExample | None:
    """What is told of an introduction, or is to be; None where nothing is."""
    return db.session.scalar(
        _whole().where(
            PracticeExample.introduction_id == introduction.id,
            PracticeExample.state != ExampleState.WITHDRAWN,
        )
    )


def list_waiting(actor: Actor) -> list[PracticeExample]:
    """The examples that this person may read for us and decide about, the oldest first."""
    waiting = _whole().where(PracticeExample.state == ExampleState.WAITING)
    found = db.session.scalars(waiting.order_by(PracticeExample.updated_at, PracticeExample.id))
    return [each for each in found if may(actor, Action.REVIEW_EXAMPLE, each)]


def first_details(introduction: Introduction, side: Side) -> ExampleDetails:
    """What the form begins with: what was withdrawn before, or what the two have in common."""
    withdrawn = db.session.scalar(
        _whole()
        .where(
            PracticeExample.introduction_id == introduction.id,
            PracticeExample.state == ExampleState.WITHDRAWN,
        )
        .order_by(PracticeExample.id.desc())
        .limit(1)
    )
    if withdrawn is not None:
        return details_of(withdrawn, side)
    professional, programme = introduction.professional, introduction.programme
    common = tuple(
        (field, code)
        for field in TermField
        for code in meeting_terms(professional, programme, field)
        if (field, code) in terms_to_choose(programme)
    )
    return ExampleDetails(terms=common)


def details_of(example: PracticeExample, side: Side) -> ExampleDetails:
    """What an example says, as the form of one side shows it."""
    return ExampleDetails(
        **{name: getattr(example, name) for name in ("title", *TEXTS)},
        terms=tuple((each.field, each.code) for each in example.terms),
        names_own_side=_names(example, side),
    )


def is_complete(example: PracticeExample) -> bool:
    """Whether there is enough for anybody to agree to."""
    return all(getattr(example, name) for name in NEEDED)


def terms_to_choose(programme: Programme) -> list[Term]:
    """What an example may be about: the conditions and approaches of the programme, once each."""
    return list(dict.fromkeys((each.field, each.code) for each in programme.terms if each.code))


def write(
    introduction: Introduction,
    side: Side,
    details: ExampleDetails,
    *,
    version: int,
    actor: User,
    now: datetime,
) -> PracticeExample:
    """Save what one side wrote: a new example, or other words for the one that is there.

    Another word takes both consents back, and takes what was public off the site until both have
    agreed to it anew. What says the same already is left as it is: a button was pressed twice.

    Args:
        introduction: Of which something good came.
        side: Who writes, and whose wish to be named `details` holds.
        details: All answers; an unfinished example can be saved.
        version: The version the form was opened on; 0 for none.
        actor: Who writes.
        now: The moment, in UTC.

    Raises:
        StaleVersion: Somebody wrote meanwhile.
        FieldError: An answer is missing or too long.
        DomainError: There is nothing to tell of the introduction.
    """
    _check_words(details)
    introduction = lock_introduction(introduction)
    _check_worth_telling(introduction)
    example = _lock_current(introduction)
    if example is None:
        if version != 0:
            raise StaleVersion(
                _(
                    "This example was withdrawn while you were writing, so nothing was saved. Your"
                    " words are still here. Save again to begin a new one with them."
                )
            )
        example = _begin(introduction, now=now)
    elif details_of(example, side) == details:
        return example
    elif example.version != version:
        raise StaleVersion(
            _(
                "Somebody else changed these words while you were writing, so nothing was saved."
                " Yours are still here. Look at theirs, put the two together, then save again."
            )
        )
    _put(example, side, details, actor=actor, now=now)
    return example


def agree(
    example: PracticeExample,
    side: Side,
    *,
    version: int,
    is_kept_when_erased: bool = False,
    actor: User,
    now: datetime,
) -> PracticeExample:
    """Agree for one side that these very words are published.

    When both have, somebody reads it for us. Agreeing twice changes nothing more.

    Args:
        example: The example.
        side: Who agrees.
        version: The version of the words that were read.
        is_kept_when_erased: Whether it may stay, without their name, should the professional erase
            themselves; only theirs to say.
        actor: Who agrees.
        now: The moment, in UTC.

    Raises:
        StaleVersion: The words have changed since they were read.
        AlreadyAnswered: It was withdrawn.
        DomainError: Something is still missing, or there is nothing to tell any more.
    """
    example = _lock_told(example)
    _check_worth_telling(example.introduction)
    if example.version != version:
        raise StaleVersion(
            _("The words have changed since you read them. Read them again, then agree.")
        )
    if not is_complete(example):
        raise DomainError(
            _("Give it a title, and say what you did, what changed and what it took, first.")
        )
    if example.agreed_at(side) is not None:
        return example
    example.record_agreement(side, actor, now)
    if side is Side.PROFESSIONAL:
        example.is_kept_when_erased = is_kept_when_erased
    is_settled = example.agreed_at(side.other) is not None
    if is_settled:
        example.move_to(ExampleState.WAITING, now)
    example.updated_at = now
    audit.record("practice_example.agreed", example, actor=actor, now=now, side=side.value)
    db.session.flush()
    if not is_settled:
        example_mail.ask_to_read(example, side, now=now)
    return example


def take_back(
    example: PracticeExample, side: Side, *, actor: User, now: datetime
) -> PracticeExample:
    """Take one's consent back before it is public; afterwards it is withdrawn.

    Raises:
        AlreadyAnswered: It is public, or was withdrawn.
    """
    example = _lock_told(example)
    if example.is_published:
        raise AlreadyAnswered(
            _("This example has been published in the meantime. You can withdraw it.")
        )
    if example.agreed_at(side) is not None:
        example.take_back_agreement(side)
        example.updated_at = now
        audit.record("practice_example.taken_back", example, actor=actor, now=now, side=side.value)
        db.session.flush()
    return example


def withdraw(example: PracticeExample, side: Side, *, actor: User, now: datetime) -> None:
    """Tell it no more, whatever became of it; the other side is told.

    Raises:
        AlreadyAnswered: It was withdrawn already.
    """
    example = _lock_told(example)
    example_withdrawals.withdraw_locked(example, side, actor=actor, now=now)


def publish(
    example: PracticeExample, *, version: int, actor: User, now: datetime
) -> PracticeExample:
    """Put on the site what both agreed to, in exactly the words that were read for us.

    Raises:
        AlreadyAnswered: It waits no more: somebody decided, changed it, or took a consent back.
    """
    example = _lock_told(example)
    if example.state is not ExampleState.WAITING or example.version != version:
        raise AlreadyAnswered(
            _("This example is not as you read it any more. Nothing has been published.")
        )
    example.move_to(ExampleState.PUBLISHED, now)
    example.review_note = ""
    _record_review(example, "published", actor=actor, now=now)
    example_mail.tell_outcome(example, "example_published", now=now)
    return example


def send_back(
    example: PracticeExample, note: str, *, actor: User, now: datetime
) -> PracticeExample:
    """Ask the two for other words; what was public already is taken off the site.

    Raises:
        AlreadyAnswered: The two are writing, or it was withdrawn.
        FieldError: It does not say why, or too much.
    """
    note = note.strip()
    if not note:
        raise FieldError("note", _("Say in a sentence what should be different"))
    _check_length("note", note, NOTE_MAX_LENGTH)
    example = _lock_told(example)
    if example.state is ExampleState.DRAFT:
        raise AlreadyAnswered(
            _("The two are writing again, so there is nothing to send back. Nothing has changed.")
        )
    example.move_to(ExampleState.DRAFT, now)
    example.review_note = note
    _record_review(example, "sent_back", actor=actor, now=now)
    example_mail.tell_outcome(example, "example_sent_back", now=now)
    return example


def _begin(introduction: Introduction, *, now: datetime) -> PracticeExample:
    professional = introduction.professional
    if introduction.example_offered_at is None:
        introduction.example_offered_at = now
    return PracticeExample(
        introduction=introduction,
        state=ExampleState.DRAFT,
        profession=professional.profession,
        # One area, the same that figures count them in.
        area_code=area_of(each.area_code for each in professional.areas).removesuffix(REST),
        created_at=now,
        updated_at=now,
        version=0,
    )


def _put(
    example: PracticeExample, side: Side, details: ExampleDetails, *, actor: User, now: datetime
) -> None:
    had_agreed = [each for each in Side if example.agreed_at(each) is not None]
    was_public = example.is_published
    choosable = set(terms_to_choose(example.introduction.programme))
    example.move_to(ExampleState.DRAFT, now)
    for name in ("title", *TEXTS):
        setattr(example, name, getattr(details, name))
    example.terms = [
        PracticeExampleTerm(field=field, code=code)
        for field, code in details.terms
        if (field, code) in choosable
    ]
    if side is Side.PROFESSIONAL:
        example.shows_professional = details.names_own_side
    else:
        example.shows_organisation = details.names_own_side
    example.author_user_id = actor.id
    example.updated_at = now
    example.version += 1
    db.session.add(example)
    db.session.flush()
    audit.record("practice_example.written", example, actor=actor, now=now, side=side.value)
    for each in had_agreed:
        example_mail.tell_of_change(example, each, was_public=was_public, actor=actor, now=now)


def _record_review(example: PracticeExample, event: str, *, actor: User, now: datetime) -> None:
    example.reviewed_at = example.updated_at = now
    example.reviewed_by_user_id = actor.id
    audit.record(f"practice_example.{event}", example, actor=actor, now=now)
    db.session.flush()


def _names(example: PracticeExample, side: Side) -> bool:
    is_professional = side is Side.PROFESSIONAL
    return example.shows_professional if is_professional else example.shows_organisation


def _check_words(details: ExampleDetails) -> None:
    if not details.title:
        raise FieldError("title", _("Give it a title"))
    _check_length("title", details.title, TITLE_MAX_LENGTH)
    for name in TEXTS:
        _check_length(name, getattr(details, name), TEXT_MAX_LENGTH)


def _check_length(field: str, words: str, longest: int) -> None:
    if len(words) > longest:
        raise FieldError(field, _("Use %(longest)s characters or fewer", longest=longest))


def _check_worth_telling(introduction: Introduction) -> None:
    if not example_offers.is_worth_telling(introduction):
        raise DomainError(_("There is nothing to tell of this introduction yet."))


def _lock_current(introduction: Introduction) -> PracticeExample | None:
    example = find_current(introduction)
    return None if example is None else lock_example(example)


def _lock_told(example: PracticeExample) -> PracticeExample:
    lock_introduction(example.introduction)
    example = lock_example(example)
    if example.state is ExampleState.WITHDRAWN:
        raise AlreadyAnswered(_("This example has been withdrawn. Nothing has been changed."))
    return example


def _whole() -> Select[PracticeExample]:
    """Examples with what their pages show of both sides."""
    introduction = joinedload(PracticeExample.introduction)
    programme = introduction.joinedload(Introduction.programme)
    professional = introduction.joinedload(Introduction.professional)
    return select(PracticeExample).options(
        selectinload(PracticeExample.terms),
        programme.joinedload(Programme.organisation),
        programme.selectinload(Programme.terms),
        programme.selectinload(Programme.areas),
        professional.joinedload(Professional.user),
        professional.selectinload(Professional.areas),
    )
