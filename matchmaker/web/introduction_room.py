"""What the page of an introduction shows once both have said yes: a small room the two share."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.models import CheckIn, Introduction, PracticeExample, Side
from matchmaker.models.introduction import WORKING_STATES
from matchmaker.services import check_ins, example_offers, partnerships, practice_examples
from matchmaker.services.partnerships import Contact
from matchmaker.web.forms.check_ins import CAME_OF_IT, GOING


@dataclass(frozen=True, slots=True)
class Room:
    """One side's view of it.

    `shown_of_me` is what the other side reads of this one. `told` holds this side's answered
    check-ins, each with its answers in words; the other side's are not shown. `example` is what
    the two tell others of it, or are going to.
    """

    shown_of_me: Contact | None
    open_check_in: CheckIn | None
    told: tuple[tuple[CheckIn, object, object], ...]
    has_calendar_file: bool
    may_offer_example: bool
    example: PracticeExample | None


def room_of(introduction: Introduction, side: Side) -> Room | None:
    """The room as `side` sees it; None before acceptance, and after somebody has withdrawn."""
    if not introduction.is_released:
        return None
    asked = check_ins.list_of(introduction, side)
    is_working = introduction.state in WORKING_STATES
    may_offer = example_offers.is_worth_telling(introduction)
    is_waiting = is_working and bool(asked) and asked[-1].answered_at is None
    return Room(
        shown_of_me=partnerships.contact_of(introduction, side),
        open_check_in=asked[-1] if is_waiting else None,
        told=tuple(
            (each, GOING[each.going], CAME_OF_IT[each.came_of_it])
            for each in asked
            if each.going is not None and each.came_of_it is not None
        ),
        has_calendar_file=is_working and introduction.next_step_on is not None,
        may_offer_example=may_offer,
        example=practice_examples.find_current(introduction) if may_offer else None,
    )
