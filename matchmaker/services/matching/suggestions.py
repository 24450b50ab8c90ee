"""Suggestions for a visitor, a professional and a programme, and why."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker import engine
from matchmaker.extensions import db
from matchmaker.models import (
    DeclineReason,
    Dismissal,
    Introduction,
    Professional,
    Programme,
    ProgrammeMonth,
    ProgrammeStatus,
    ShownSuggestion,
    Side,
)
from matchmaker.models.introduction import OPEN_STATES, RELEASED_STATES
from matchmaker.services import blocks
from matchmaker.services.answers import Answers
from matchmaker.services.clock import london_date, london_month
from matchmaker.services.matching.index import current_view
from matchmaker.services.matching.profiles import (
    profile_of_answers,
    profile_of_professional,
    profile_of_programme,
)
from matchmaker.services.matching.standing import LEAST_RELEVANCE, SPARE, find_programmes

# What a pair must not be in, to be suggested to each other; "not now" puts them aside for a while.
SETTLED_STATES = OPEN_STATES | RELEASED_STATES


class Door(enum.StrEnum):
    """What makes a suggestion unusual; see `matchmaker.services.matching.exploration`."""

    NEW = "new"
    OTHER_APPROACH = "other_approach"
    NEIGHBOURING_AREA = "neighbouring_area"


@dataclass(frozen=True, slots=True)
class SuggestedProgramme:
    """A programme worth meeting, with its organisation and areas loaded.

    `door` is set on the one card of a list that was left to chance, and `propensity` is then how
    probable it was.
    """

    programme: Programme
    match: engine.Suggestion
    door: Door | None = None
    propensity: float = 1.0

    @property
    def reasons(self) -> tuple[engine.Reason, ...]:
        """Why the professional may want it, the weightiest first."""
        return tuple(each for each in self.match.reasons if each.side == Side.PROFESSIONAL)

    @property
    def their_reasons(self) -> tuple[engine.Reason, ...]:
        """Why the programme may want the professional."""
        return tuple(each for each in self.match.reasons if each.side == Side.PROGRAMME)


@dataclass(frozen=True, slots=True)
class SuggestedProfessional:
    """A professional worth meeting, with their areas and terms loaded.

    An organisation may see only what `limited_view` gives of them, and these reasons.
    """

    professional: Professional
    match: engine.Suggestion
    door: Door | None = None
    propensity: float = 1.0

    @property
    def reasons(self) -> tuple[engine.Reason, ...]:
        """Why the programme may want them: only what may be seen before both have accepted."""
        return tuple(
            each
            for each in self.match.reasons
            if each.side == Side.PROGRAMME and each.field in _FIELDS_SHOWN_EARLY
        )


_FIELDS_SHOWN_EARLY = frozenset({"condition", "approach", "profession"})


def suggest_for_answers(answers: Answers, *, now: datetime, top: int) -> list[SuggestedProgramme]:
    """Programmes for somebody of whom we know a few answers, best first."""
    if answers.is_empty:
        return []
    profile = profile_of_answers(answers)
    return _suggested_programmes(profile, _full_programmes(now), now=now, top=top)


def suggest_for_professional(
    professional: Professional, *, now: datetime, top: int
) -> list[SuggestedProgramme]:
    """Programmes for a professional, without those put aside by a side or already introduced."""
    settled = _settled(Side.PROFESSIONAL, professional.id, now)
    profile = profile_of_professional(professional)
    return _suggested_programmes(profile, settled | _full_programmes(now), now=now, top=top)


def suggest_for_programme(
    programme: Programme, *, now: datetime, top: int, without: Collection[int] = ()
) -> list[SuggestedProfessional]:
    """Professionals for a programme, who chose to be found and are available, but for `without`."""
    if programme.id in _full_programmes(now):
        return []
    settled = _settled(Side.PROGRAMME, programme.id, now)
    excluded = _names(settled.union(_unavailable_professionals(), without))
    view, profile = current_view(), profile_of_programme(programme)
    matches = _merged(
        (
            snapshot.suggest_professionals(
                profile,
                top=top + SPARE,
                exclude=excluded,
                least_relevance=LEAST_RELEVANCE,
                today=london_date(now),
            )
            for snapshot in (view.snapshot, view.fresh)
        ),
        key=lambda match: match.professional,
    )
    found = _professionals_by_id([int(match.professional) for match in matches])
    suggested = (
        SuggestedProfessional(found[int(match.professional)], match)
        for match in matches
        if int(match.professional) in found
    )
    return list(suggested)[:top]


def explain(
    professional: Professional, programme: Programme, *, now: datetime, reader: Side
) -> engine.Suggestion | engine.Refusal:
    """Why the two suit each other, told to `reader`, or why they are never suggested."""
    return current_view().snapshot.explain(
        profile_of_professional(professional),
        profile_of_programme(programme),
        today=london_date(now),
        reader=reader.value,
    )


def record_shown(
    suggested: Iterable[SuggestedProgramme | SuggestedProfessional],
    *,
    shown_to: Side,
    now: datetime,
    first_rank: int = 1,
) -> None:
    """Write down which suggestions a page showed from `first_rank` on; see `ShownSuggestion`.

    The parts of the score are those of the moment, so that the engine can learn from what was seen
    and `replayed` can tell why it was.
    """
    db.session.add_all(
        _shown(each, shown_to=shown_to, now=now)
        for each in suggested
        if each.match.rank >= first_rank
    )
    db.session.flush()


def _shown(
    suggested: SuggestedProgramme | SuggestedProfessional, *, shown_to: Side, now: datetime
) -> ShownSuggestion:
    match = suggested.match
    return ShownSuggestion(
        shown_at=now,
        shown_to=shown_to,
        professional_id=int(match.professional),
        programme_id=int(match.programme),
        rank=match.rank,
        score=match.score,
        z_professional=match.z.professional,
        z_programme=match.z.programme,
        model_version=engine.MODEL_VERSION,
        inputs={
            side: {field: list(each) for field, each in inputs.items()}
            for side, inputs in match.inputs._asdict().items()
        },
        propensity=suggested.propensity,
        is_unexpected=suggested.door is not None,
    )


def replayed(shown: ShownSuggestion) -> float:
    """The score of a suggestion that was shown, computed again from what was kept of it.

    Raises:
        ValueError: Another version of the model showed it, or one that kept nothing.
    """
    if shown.model_version != engine.MODEL_VERSION or not shown.inputs:
        raise ValueError(f"Version {engine.MODEL_VERSION} of the model cannot replay this.")
    sides = (
        {field: engine.Contribution(*each) for field, each in shown.inputs[side].items()}
        for side in (Side.PROFESSIONAL, Side.PROGRAMME)
    )
    _, score = engine.replay(engine.Sides(*sides), engine.DEFAULT)
    return score


def _suggested_programmes(
    profile: engine.Professional, excluded: Collection[int], *, now: datetime, top: int
) -> list[SuggestedProgramme]:
    matches = find_programmes(profile, exclude=_names(excluded), now=now, top=top)
    found = _programmes_by_id([int(match.programme) for match in matches])
    return [
        SuggestedProgramme(found[int(match.programme)], match)
        for match in matches
        if int(match.programme) in found
    ]


def _merged(
    lists: Iterable[list[engine.Suggestion]], *, key: Callable[[engine.Suggestion], str]
) -> list[engine.Suggestion]:
    """All lists as one, best first, ties by id as the engine has them, ranked anew."""
    ordered = sorted(chain.from_iterable(lists), key=lambda match: (-match.score, key(match)))
    return [replace(match, rank=rank) for rank, match in enumerate(ordered, start=1)]


def _names(ids: Collection[int]) -> set[str]:
    """Ids as the engine writes them."""
    return {str(each) for each in ids}


def _settled(side: Side, own_id: int, now: datetime) -> set[int]:
    """Ids of the other side's: introduced now or before, put aside by either, or kept apart."""
    own, other = (
        ("professional_id", "programme_id")
        if side is Side.PROFESSIONAL
        else ("programme_id", "professional_id")
    )
    introduced = select(getattr(Introduction, other)).where(
        getattr(Introduction, own) == own_id,
        or_(
            Introduction.state.in_(SETTLED_STATES),
            Introduction.decline_reason != DeclineReason.NOT_NOW,
        ),
    )
    put_aside = select(getattr(Dismissal, other)).where(
        getattr(Dismissal, own) == own_id,
        or_(Dismissal.until_at.is_(None), Dismissal.until_at > now),
    )
    settled = set(db.session.scalars(introduced)) | set(db.session.scalars(put_aside))
    return settled | blocks.ids_apart_from(side, own_id)


def _full_programmes(now: datetime) -> set[int]:
    """Programmes with a figure whose places of this month in London are all taken."""
    taken = (
        select(ProgrammeMonth.programme_id)
        .join(Programme, Programme.id == ProgrammeMonth.programme_id)
        .where(
            ProgrammeMonth.month == london_month(now),
            ProgrammeMonth.taken >= ProgrammeMonth.places,
            Programme.places_per_month.is_not(None),
        )
    )
    return set(db.session.scalars(taken))


def _unavailable_professionals() -> set[int]:
    away = select(Professional.id).where(
        Professional.is_findable, Professional.is_available.is_(False)
    )
    return set(db.session.scalars(away))


def _programmes_by_id(ids: Sequence[int]) -> dict[int, Programme]:
    """The rows as they are this moment, and only those that may still be suggested."""
    rows = db.session.scalars(
        select(Programme)
        .where(
            Programme.id.in_(ids),
            Programme.published_at.is_not(None),
            Programme.status == ProgrammeStatus.OPEN,
        )
        .options(joinedload(Programme.organisation), selectinload(Programme.areas))
    )
    return {row.id: row for row in rows}


def _professionals_by_id(ids: Sequence[int]) -> dict[int, Professional]:
    rows = db.session.scalars(
        select(Professional)
        .where(Professional.id.in_(ids), Professional.is_findable)
        .options(selectinload(Professional.areas), selectinload(Professional.terms))
    )
    return {row.id: row for row in rows}
