"""Practice examples as everybody reads them: one by one, searched, and beside what is like them.

There are few enough to be ranked as a whole. They are the engine's programmes, with the words and
terms of an example in place of a programme's own, under the statistics of the index that serves
suggestions; what somebody looks for is read as in Find support.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker import engine
from matchmaker.engine.text import stems
from matchmaker.extensions import db
from matchmaker.models import (
    ExampleState,
    Introduction,
    PracticeExample,
    Professional,
    Programme,
    TermField,
)
from matchmaker.services import matching
from matchmaker.services.answers import Answers, TermAnswer
from matchmaker.services.directory import understand
from matchmaker.services.matching.profiles import profile_of_answers
from matchmaker.services.matching.standing import LEAST_RELEVANCE
from matchmaker.vocabulary import load_vocabulary

SIMILAR_SHOWN = 2
_KEPT = "practice_examples"


@dataclass(frozen=True, slots=True)
class PublicExample:
    """What a page shows of an example: names only where whoever bears them wants it.

    `programme` is the programme's page, if it is named and can be read. `teller` is who tells it,
    in a phrase such as "Physiotherapist, NHS Fife".
    """

    id: int
    title: str
    did: str
    changed: str
    took: str
    advice: str
    teller: str
    professional_name: str
    employer: str
    organisation_name: str
    programme_name: str
    programme: Programme | None
    conditions: tuple[str, ...]
    approaches: tuple[str, ...]
    published_at: datetime | None

    @property
    def told_by(self) -> str:
        """Both sides in one line."""
        return _(
            "%(professional)s, with %(organisation)s",
            professional=self.professional_name or self.teller,
            organisation=self.organisation_name or _("a voluntary organisation"),
        )


@dataclass(frozen=True, slots=True)
class _Kept:
    """Examples as the engine reads them, and what they were made from."""

    served: object
    stamps: tuple[tuple[Any, ...], ...]
    snapshot: engine.Snapshot


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of examples is narrowed down by; empty is not at all."""

    words: str = ""
    condition_group: str = ""
    approach_group: str = ""


def as_public(example: PracticeExample) -> PublicExample:
    """What everybody reads of an example, or would read if it were published."""
    professional = example.introduction.professional
    programme = example.introduction.programme
    names_them = example.shows_professional and professional.user.erased_at is None
    return PublicExample(
        id=example.id,
        title=example.title,
        did=example.did,
        changed=example.changed,
        took=example.took,
        advice=example.advice,
        teller=_teller(example),
        professional_name=professional.user.name if names_them else "",
        employer=professional.employer if names_them else "",
        organisation_name=programme.organisation.name if example.shows_organisation else "",
        programme_name=programme.name if example.shows_organisation else "",
        programme=programme if example.shows_organisation and programme.is_published else None,
        conditions=_labels(example, TermField.CONDITION),
        approaches=_labels(example, TermField.APPROACH),
        published_at=example.published_at,
    )


def list_published(filters: Filters) -> list[PracticeExample]:
    """The published examples that suit, best first; the latest first where nothing is sought."""
    found = [each for each in _load() if _is_in_groups(each, filters)]
    if not filters.words:
        return found
    wishes = understand(words=filters.words)
    # What was learnt in one place is worth reading in another.
    ranked = _ranked(replace(wishes.as_answers(), place=None))
    by_id = {each.id: each for each in found}
    # The engine knows the words of programmes; those that only examples use are looked for here.
    return [by_id[each] for each in ranked if each in by_id] or _with_words(found, wishes.text)


def find_similar(programme: Programme, *, but: Introduction | None = None) -> list[PracticeExample]:
    """Examples of something like what a programme does, best first.

    Args:
        programme: What they should be like.
        but: An introduction whose own example is left out.
    """
    terms = [TermAnswer(each.field, each.wording, each.code) for each in programme.terms]
    if not terms:
        return []
    # One more than is shown, for the one that may be left out.
    ids = _ranked(Answers(terms=tuple(terms)))[: SIMILAR_SHOWN + 1]
    by_id = {each.id: each for each in _load(ids)} if ids else {}
    found = [by_id[each] for each in ids if each in by_id]
    others = [each for each in found if but is None or each.introduction_id != but.id]
    return others[:SIMILAR_SHOWN]


def _load(ids: Sequence[int] | None = None) -> list[PracticeExample]:
    """The published examples, all or those of some numbers, the latest first."""
    programme = joinedload(PracticeExample.introduction).joinedload(Introduction.programme)
    professional = joinedload(PracticeExample.introduction).joinedload(Introduction.professional)
    chosen = select(PracticeExample).where(PracticeExample.state == ExampleState.PUBLISHED)
    return list(
        db.session.scalars(
            (chosen if ids is None else chosen.where(PracticeExample.id.in_(ids)))
            .options(
                selectinload(PracticeExample.terms),
                programme.joinedload(Programme.organisation),
                professional.joinedload(Professional.user),
            )
            .order_by(PracticeExample.published_at.desc(), PracticeExample.id.desc())
        )
    )


def _ranked(answers: Answers) -> list[int]:
    """The numbers of the examples that suit what is sought, as the engine puts them in order."""
    snapshot = _snapshot()
    if snapshot is None:
        return []
    seeker = snapshot.encode_professional(profile_of_answers(answers))
    best = snapshot.rank(seeker, least_relevance=LEAST_RELEVANCE, even_full=True)
    rows = best.rows.tolist()
    return [int(snapshot.programmes.row(row).readings[0].profile.id) for row in rows]


def _snapshot() -> engine.Snapshot | None:
    """All examples as the engine reads them; None where there are none.

    Kept by each process until an example comes or goes, or the index is another one: a page of a
    programme asks for it every time.
    """
    is_published = PracticeExample.state == ExampleState.PUBLISHED
    of_now = select(PracticeExample.id, PracticeExample.published_at).where(is_published)
    stamps = tuple(map(tuple, db.session.execute(of_now.order_by(PracticeExample.id))))
    if not stamps:
        return None
    view = matching.keeper().view()
    kept: _Kept | None = current_app.extensions.get(_KEPT)
    if kept is None or kept.served is not view.served or kept.stamps != stamps:
        snapshot = view.snapshot.with_profiles([], map(_profile, _load()))
        kept = current_app.extensions[_KEPT] = _Kept(view.served, stamps, snapshot)
    return kept.snapshot


def _with_words(examples: Sequence[PracticeExample], words: str) -> list[PracticeExample]:
    """Those that say one of the words at least, in the order in which they are given."""
    wanted = set(stems(words))
    return [each for each in examples if wanted.intersection(stems(_text(each)))]


def _profile(example: PracticeExample) -> engine.Programme:
    return engine.Programme(
        id=str(example.id),
        text=_text(example),
        conditions=_codes(example, TermField.CONDITION),
        approaches=_codes(example, TermField.APPROACH),
    )


def _text(example: PracticeExample) -> str:
    texts = (example.title, example.did, example.changed, example.took, example.advice)
    return "\n".join(text for text in texts if text)


def _is_in_groups(example: PracticeExample, filters: Filters) -> bool:
    vocabulary = load_vocabulary()
    return all(
        not wanted or any(wanted in groups.groups_of(code) for code in _codes(example, field))
        for wanted, groups, field in (
            (filters.condition_group, vocabulary.condition_groups, TermField.CONDITION),
            (filters.approach_group, vocabulary.approach_groups, TermField.APPROACH),
        )
    )


def _codes(example: PracticeExample, field: TermField) -> tuple[str, ...]:
    return tuple(each.code for each in example.terms if each.field is field)


def _labels(example: PracticeExample, field: TermField) -> tuple[str, ...]:
    """Names of the terms; of one that a newer vocabulary has no more, none."""
    thesaurus = load_vocabulary().thesaurus(field)
    known: Iterable[str] = (code for code in _codes(example, field) if code in thesaurus)
    return tuple(thesaurus[code].label for code in known)


def _teller(example: PracticeExample) -> str:
    vocabulary = load_vocabulary()
    code = example.profession or ""
    profession = (
        vocabulary.professions[code].heading
        if code in vocabulary.professions
        else _("Allied health professional")
    )
    return f"{profession}, {vocabulary.areas.label(example.area_code)}"
