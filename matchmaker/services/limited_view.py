"""What an organisation, or a lead, may know of a professional before both have accepted.

Profession, health board, the conditions and approaches the two share, and when a registration was
checked, if they asked for that: nothing else, and in particular no name, employer, address, number
or free text. Pages and mails take it from here only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from matchmaker.models import Professional, Programme, TermField
from matchmaker.vocabulary import Thesaurus, load_vocabulary
from matchmaker.vocabulary.area_files import HEALTH_KINDS


@dataclass(frozen=True, slots=True)
class LimitedView:
    """A professional as an organisation sees one it has not been introduced to."""

    profession: str
    health_areas: tuple[str, ...]
    shared_conditions: tuple[str, ...]
    shared_approaches: tuple[str, ...]
    registration_checked_at: datetime | None

    @property
    def summary(self) -> str:
        """One phrase, such as "Physiotherapist, NHS Fife"."""
        return ", ".join((self.profession, *self.health_areas))


def limited_view(professional: Professional, programme: Programme | None = None) -> LimitedView:
    """What the people of `programme` may see of `professional`; with none, nothing is shared."""
    vocabulary = load_vocabulary()
    code = professional.profession or ""
    known = code in vocabulary.professions
    return LimitedView(
        profession=(
            vocabulary.professions[code].heading if known else _("Allied health professional")
        ),
        health_areas=tuple(
            sorted({vocabulary.areas.label(code) for code in health_area_codes(professional)})
        ),
        shared_conditions=_shared(professional, programme, TermField.CONDITION),
        shared_approaches=_shared(professional, programme, TermField.APPROACH),
        registration_checked_at=professional.hcpc_checked_at,
    )


def health_area_codes(professional: Professional) -> frozenset[str]:
    """The boards or trusts around each area, or the nation of a wider area."""
    areas = load_vocabulary().areas
    found: set[str] = set()
    for each in professional.areas:
        around = {each.area_code} | areas.within(each.area_code)
        boards = {code for code in around if areas[code].kind in HEALTH_KINDS}
        nations = {code for code in around if areas[code].kind == "nation"}
        found |= boards or nations
    return frozenset(found)


def meeting_terms(
    professional: Professional, programme: Programme, field: TermField
) -> tuple[str, ...]:
    """The codes of a professional's terms that meet one of a programme's."""
    thesaurus = load_vocabulary().thesaurus(field)
    # A term that a newer vocabulary no longer knows can be shared with nobody.
    theirs = [each.code for each in programme.terms if each.field is field]
    own = {each.code for each in professional.terms if each.field is field}
    return tuple(sorted(_meeting(own, theirs, thesaurus)))


def _shared(
    professional: Professional, programme: Programme | None, field: TermField
) -> tuple[str, ...]:
    if programme is None:
        return ()
    thesaurus = load_vocabulary().thesaurus(field)
    return tuple(thesaurus[code].label for code in meeting_terms(professional, programme, field))


def _meeting(own: Iterable[str], theirs: Iterable[str], thesaurus: Thesaurus) -> set[str]:
    """The terms of `own` that are, contain, or are part of one of `theirs`."""
    reached: set[str] = set()
    for code in theirs:
        if code not in thesaurus:
            continue
        reached |= {code} | thesaurus.ancestors(code) | thesaurus.descendants(code)
    return reached.intersection(own)
