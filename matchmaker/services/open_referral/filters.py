"""Which services somebody asks for, and the same as conditions of SQL; all of them are ANDed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from sqlalchemy import ColumnElement, Select, and_, extract, false, func, or_, select, true

from matchmaker.models import (
    Delivery,
    Frequency,
    ImportedRecord,
    ImportSource,
    Organisation,
    Programme,
    ProgrammeArea,
    ProgrammeSchedule,
    ProgrammeTerm,
    TermField,
)
from matchmaker.models.professional import OLDEST_AGE
from matchmaker.services.open_referral.published import is_listed
from matchmaker.services.open_referral.taxonomies import Taxonomy, find_taxonomy, find_term
from matchmaker.vocabulary import load_vocabulary

# As RFC 5545 writes the days of a week, by the numbers that both databases give them.
WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asks for; what is None or empty is not asked.

    `minimum_age` asks for services whose lowest age is at least this, `maximum_age` for those whose
    highest is at most this; `start_time` and `end_time` likewise for the hours of one day.
    `district` is a postcode district; within `metres` of its centre, or serving the area around it
    where no distance is given.
    """

    search: str = ""
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""
    minimum_age: float | None = None
    maximum_age: float | None = None
    start_time: time | None = None
    end_time: time | None = None
    weekday: str = ""
    district: str = ""
    metres: float | None = None


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Conditions on a programme, without those on a place of it."""
    return [is_listed(), *_said(wanted.search), *_tagged(wanted), *_ages(wanted), *_times(wanted)]


def serves(area_code: str) -> ColumnElement[bool]:
    """Whether a programme serves the ground of an area; one that names no area serves all."""
    around = {area_code} | load_vocabulary().areas.within(area_code)
    serving = select(ProgrammeArea.programme_id).where(ProgrammeArea.area_code.in_(sorted(around)))
    anywhere = Programme.id.not_in(select(ProgrammeArea.programme_id))
    return or_(Programme.id.in_(serving), anywhere)


def _said(search: str) -> list[ColumnElement[bool]]:
    """Every word stands somewhere in it, or the words name something that it is tagged with."""
    # PostgreSQL has no room for NUL.
    words = list(dict.fromkeys(search.replace("\0", " ").lower().split()))
    if not words:
        return []
    return [or_(and_(*map(_holds, words)), _is_about(search))]


def _holds(word: str) -> ColumnElement[bool]:
    tagged = select(ProgrammeTerm.programme_id).where(
        ProgrammeTerm.wording.icontains(word, autoescape=True)
    )
    named = select(Organisation.id).where(Organisation.name.icontains(word, autoescape=True))
    return or_(
        Programme.name.icontains(word, autoescape=True),
        Programme.description.icontains(word, autoescape=True),
        Programme.organisation_id.in_(named),
        Programme.id.in_(tagged),
    )


def _is_about(search: str) -> ColumnElement[bool]:
    """Whether it is tagged with the condition or approach of this name, or a narrower one."""
    vocabulary = load_vocabulary()
    codes: set[str] = set()
    for thesaurus in (vocabulary.conditions, vocabulary.approaches):
        code = thesaurus.resolve(search)
        if code is not None:
            codes |= {code} | thesaurus.descendants(code)
    if not codes:
        return false()
    tagged = select(ProgrammeTerm.programme_id).where(ProgrammeTerm.code.in_(sorted(codes)))
    return Programme.id.in_(tagged)


def _tagged(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.taxonomy_term_id:
        term = find_term(wanted.taxonomy_term_id)
        yield false() if term is None else _has_term(term.taxonomy, term.code, term.name)
    if wanted.taxonomy_id:
        taxonomy = find_taxonomy(wanted.taxonomy_id)
        yield false() if taxonomy is None else _has_any_term(taxonomy)


def _has_term(taxonomy: Taxonomy, code: str, name: str) -> ColumnElement[bool]:
    if taxonomy is Taxonomy.DELIVERY:
        return Programme.delivery.in_([Delivery(code), Delivery.BOTH])
    if taxonomy is Taxonomy.SOURCE:
        return Programme.id.in_(_imported().where(ImportSource.name == code))
    terms = _terms_of(taxonomy)
    if code:
        return Programme.id.in_(terms.where(ProgrammeTerm.code == code))
    in_own_words = func.lower(ProgrammeTerm.wording) == name.lower()
    return Programme.id.in_(terms.where(ProgrammeTerm.code == "", in_own_words))


def _has_any_term(taxonomy: Taxonomy) -> ColumnElement[bool]:
    if taxonomy is Taxonomy.DELIVERY:
        return true()
    tagged = _imported() if taxonomy is Taxonomy.SOURCE else _terms_of(taxonomy)
    return Programme.id.in_(tagged)


def _terms_of(taxonomy: Taxonomy) -> Select[int]:
    field = TermField(taxonomy.value)
    return select(ProgrammeTerm.programme_id).where(ProgrammeTerm.field == field)


def _imported() -> Select[int | None]:
    imported = ImportedRecord.programme_id.is_not(None)
    return select(ImportedRecord.programme_id).join(ImportedRecord.source).where(imported)


def _ages(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    """A programme that says nothing of an age takes people from birth, and of every age."""
    if wanted.minimum_age is not None:
        yield func.coalesce(Programme.min_age, 0) >= wanted.minimum_age
    if wanted.maximum_age is not None:
        yield func.coalesce(Programme.max_age, OLDEST_AGE) <= wanted.maximum_age


def _times(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    """One and the same of its times meets all that is asked of times."""
    asked: list[ColumnElement[bool]] = []
    if wanted.start_time is not None:
        asked.append(ProgrammeSchedule.opens_at >= wanted.start_time)
    if wanted.end_time is not None:
        asked.append(ProgrammeSchedule.closes_at <= wanted.end_time)
    if wanted.weekday:
        asked.append(_is_on(wanted.weekday))
    if asked:
        yield Programme.id.in_(select(ProgrammeSchedule.programme_id).where(*asked))


def _is_on(weekday: str) -> ColumnElement[bool]:
    schedule = ProgrammeSchedule
    is_named = schedule.frequency.is_not(None) & schedule.weekdays.contains(weekday)
    is_every_day = and_(schedule.frequency == Frequency.DAILY, schedule.weekdays == "")
    follows_start = or_(
        schedule.frequency.is_(None),
        and_(schedule.frequency == Frequency.WEEKLY, schedule.weekdays == ""),
    )
    starts_on_it = extract("dow", schedule.starts_on) == WEEKDAYS.index(weekday)
    return or_(is_named, is_every_day, and_(follows_start, starts_on_it))
