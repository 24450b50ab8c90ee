"""The lists of words that services are tagged with: taxonomies and their terms.

Conditions, ways of working and how people take part come from the vocabulary, the words that
organisations use beside it and the sources of imported entries from the database.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext as _
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import Delivery, Programme, ProgrammeTerm, TermField
from matchmaker.services.open_referral.names import name_of
from matchmaker.services.open_referral.published import is_published
from matchmaker.services.open_referral.sources import Source, list_sources
from matchmaker.vocabulary import Thesaurus, load_vocabulary


class Taxonomy(enum.StrEnum):
    """What a tag says something about."""

    CONDITION = "condition"
    APPROACH = "approach"
    DELIVERY = "delivery"
    SOURCE = "source"

    @property
    def public_id(self) -> str:
        """Its name in the open data."""
        return name_of("taxonomy", self.value)


@dataclass(frozen=True, slots=True)
class Term:
    """A tag. `code` is the vocabulary's, a delivery or the key of a source; own words have none."""

    taxonomy: Taxonomy
    public_id: str
    name: str
    description: str
    code: str = ""
    parent_id: str = ""
    uri: str = ""


WAYS_TO_TAKE_PART = (Delivery.IN_PERSON, Delivery.ONLINE)


def title_of(taxonomy: Taxonomy) -> tuple[str, str]:
    """The name of a taxonomy, and a sentence about it."""
    return {
        Taxonomy.CONDITION: (
            _("Conditions and situations"),
            _("What people who come to a service live with, in everyday words."),
        ),
        Taxonomy.APPROACH: (_("Ways of working"), _("How a service helps people.")),
        Taxonomy.DELIVERY: (
            _("How people take part"),
            _("Whether people come in person, take part online, or can do either."),
        ),
        Taxonomy.SOURCE: (
            _("Where entries come from"),
            _(
                "Who published an entry first. The description of each term names the publisher in "
                "the words of its licence: show it wherever you show the entry."
            ),
        ),
    }[taxonomy]


def list_terms(taxonomy: Taxonomy | None = None) -> list[Term]:
    """Every term, or those of one taxonomy, always in the same order."""
    terms = (*_terms_of_vocabulary(), *delivery_terms(), *_own_words(), *_source_terms())
    return [term for term in terms if taxonomy in (None, term.taxonomy)]


def find_term(public_id: str) -> Term | None:
    """The term of this name."""
    return next((term for term in list_terms() if term.public_id == public_id), None)


def find_taxonomy(public_id: str) -> Taxonomy | None:
    """The taxonomy of this name."""
    return next((each for each in Taxonomy if each.public_id == public_id), None)


def term_of(field: TermField, code: str, wording: str) -> Term:
    """The tag for a condition or approach of a programme."""
    taxonomy = Taxonomy(field.value)
    known = _known_terms().get((taxonomy, code))
    if known is not None:
        return known
    words = " ".join(wording.split())
    return Term(
        taxonomy,
        name_of(taxonomy, "own words", words.casefold()),
        words,
        _("In an organisation's own words."),
    )


def delivery_terms() -> list[Term]:
    """The ways to take part."""
    said = {
        Delivery.IN_PERSON: (_("In person"), _("People come to a place, or are visited.")),
        Delivery.ONLINE: (_("Online"), _("People take part by video, phone or web.")),
    }
    return [
        Term(Taxonomy.DELIVERY, name_of(Taxonomy.DELIVERY, each.value), *said[each], each.value)
        for each in WAYS_TO_TAKE_PART
    ]


def source_term(source: Source) -> Term:
    """The tag of a source; its description is the attribution and the licence."""
    is_named = source.licence in source.attribution
    said = source.attribution if is_named else f"{source.attribution} {source.licence}"
    return Term(
        Taxonomy.SOURCE,
        source.public_id,
        source.name,
        said,
        source.key,
        uri=source.url,
    )


@lru_cache(maxsize=1)
def _terms_of_vocabulary() -> tuple[Term, ...]:
    vocabulary = load_vocabulary()
    return (
        *_terms_of(Taxonomy.CONDITION, vocabulary.conditions),
        *_terms_of(Taxonomy.APPROACH, vocabulary.approaches),
    )


@lru_cache(maxsize=1)
def _known_terms() -> dict[tuple[Taxonomy, str], Term]:
    return {(term.taxonomy, term.code): term for term in _terms_of_vocabulary()}


def _terms_of(taxonomy: Taxonomy, thesaurus: Thesaurus) -> Iterable[Term]:
    for code in thesaurus:
        term = thesaurus[code]
        # A term may have several broader ones; the format has room for one.
        parent = name_of(taxonomy, term.broader[0]) if term.broader else ""
        yield Term(taxonomy, name_of(taxonomy, code), term.heading, term.definition, code, parent)


def _own_words() -> list[Term]:
    """What published programmes say in words that the vocabulary does not know."""
    published = select(Programme.id).where(is_published())
    found = (
        select(ProgrammeTerm.field, ProgrammeTerm.wording)
        .distinct()
        .where(ProgrammeTerm.code == "", ProgrammeTerm.programme_id.in_(published))
        .order_by(ProgrammeTerm.field, ProgrammeTerm.wording)
    )
    terms: dict[str, Term] = {}
    for field, wording in db.session.execute(found):
        term = term_of(field, "", wording)
        terms.setdefault(term.public_id, term)
    return sorted(terms.values(), key=lambda term: (term.taxonomy, term.name, term.public_id))


def _source_terms() -> list[Term]:
    return [source_term(source) for source in list_sources()]
