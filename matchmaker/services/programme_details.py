"""What people write about a programme, checked and put into its rows.

Conditions and approaches keep the words of whoever typed them; the vocabulary's term stands beside
them where it knows one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.models import (
    OLDEST_AGE,
    Delivery,
    Programme,
    ProgrammeArea,
    ProgrammeProfession,
    ProgrammeTerm,
    TermField,
)
from matchmaker.services.errors import FieldError
from matchmaker.services.organisations import normalise_website
from matchmaker.services.places import find_place, similar_places
from matchmaker.services.programme_times import TimeDetails, checked_times, set_times, times_of
from matchmaker.services.programme_venues import (
    VenueDetails,
    checked_venues,
    set_venues,
    venues_of,
)
from matchmaker.services.readings import Reading, ReadTerm, chosen_terms, terms_to_add
from matchmaker.vocabulary import load_vocabulary

NAME_MAX_LENGTH = 200
TEXT_MAX_LENGTH = 5000
MOST_WORDINGS = 40
WEBSITE_MAX_LENGTH = 300
# The answers that are one line or several of text, and how long each may be.
_LENGTHS = {
    **dict.fromkeys(("description", "cost", "funded_by", "seeks_text"), TEXT_MAX_LENGTH),
    **dict.fromkeys(("contact_name", "contact_email", "contact_phone"), TEXT_MAX_LENGTH),
    "website": WEBSITE_MAX_LENGTH,
    "public_email": 254,
    "public_phone": 40,
}


@dataclass(frozen=True, kw_only=True)
class ProgrammeDetails:
    """What people write about a programme, as typed.

    Conditions and approaches are wordings; areas are codes, names or postcodes; professions are
    codes of the vocabulary. `website`, `public_email` and `public_phone` are for everybody,
    `contact_*` for those who have been introduced. `is_free` is None where nobody has said.
    """

    name: str
    description: str = ""
    conditions: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    min_age: int | None = None
    max_age: int | None = None
    delivery: Delivery = Delivery.BOTH
    locations: tuple[VenueDetails, ...] = ()
    schedules: tuple[TimeDetails, ...] = ()
    is_free: bool | None = None
    cost: str = ""
    funded_by: str = ""
    professions: tuple[str, ...] = ()
    seeks_text: str = ""
    website: str = ""
    public_email: str = ""
    public_phone: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    places_per_month: int | None = None


def missing_for_publishing(programme: Programme) -> list[FieldError]:
    """What a programme still needs before it can be published, in the order of the form."""
    missing = []
    if not programme.name:
        missing.append(FieldError("name", _("Enter the name of the programme")))
    if not programme.description:
        missing.append(
            FieldError("description", _("Describe what the programme does and who it is for"))
        )
    if not programme.areas and programme.delivery is not Delivery.ONLINE:
        missing.append(
            FieldError("areas", _("Enter at least one place, or choose that it happens online"))
        )
    return missing


def unrecognised_wordings(programme: Programme) -> list[str]:
    """Conditions and approaches that the vocabulary does not know; they still count as text."""
    return [term.wording for term in programme.terms if not term.code]


def read_labels(programme: Programme, field: TermField) -> tuple[str, ...]:
    """Conditions or approaches that the text mentions, for a programme whose author named none.

    So it is with imported programmes: they are matched by what is read here.
    """
    if any(term.field is field for term in programme.terms):
        return ()
    vocabulary = load_vocabulary()
    codes = dict.fromkeys(
        mention.code
        for mention in vocabulary.read(f"{programme.name}. {programme.description}")
        if mention.field == field
    )
    thesaurus = vocabulary.thesaurus(field)
    return tuple(thesaurus[code].label for code in codes)


def reading(programme: Programme) -> Reading:
    """The description beside the conditions and approaches chosen."""
    return Reading(programme.description, chosen_terms(programme.terms), programme.version)


def add_terms(programme: Programme, read: Sequence[ReadTerm]) -> None:
    """Add what was read in the description and confirmed; what is there stays.

    Raises:
        FieldError: There would be too many.
    """
    programme.terms += [
        ProgrammeTerm(field=each.field, wording=each.wording, code=each.code)
        for each in terms_to_add(read, programme.terms, most=MOST_WORDINGS)
    ]


def wordings(programme: Programme, field: TermField) -> tuple[str, ...]:
    """The conditions, or the approaches, as they were typed."""
    return tuple(term.wording for term in programme.terms if term.field is field)


def apply(programme: Programme, details: ProgrammeDetails) -> None:
    """Put the answers into a programme, all of them or, when one cannot be taken, none.

    The places a month are not among them; see `capacity.set_places_per_month`.

    Raises:
        FieldError: An answer cannot be taken.
    """
    name = " ".join(details.name.split())
    if len(name) > NAME_MAX_LENGTH:
        raise FieldError(
            "name", _("The name must be %(most)s characters or fewer", most=NAME_MAX_LENGTH)
        )
    texts = {field: getattr(details, field).strip() for field in _LENGTHS}
    _check_lengths(texts)
    texts["website"] = normalise_website(details.website)
    _check_ages(details)
    area_codes = _area_codes(details.areas)
    terms = [
        *_terms(TermField.CONDITION, details.conditions),
        *_terms(TermField.APPROACH, details.approaches),
    ]
    professions = _professions(details.professions)
    venues, times = checked_venues(details.locations), checked_times(details.schedules)
    for field, text in texts.items():
        setattr(programme, field, text)
    programme.name = name
    programme.min_age = details.min_age
    programme.max_age = details.max_age
    programme.delivery = details.delivery
    programme.is_free = details.is_free
    _set_areas(programme, area_codes)
    _set_terms(programme, terms)
    _set_professions(programme, professions)
    set_venues(programme, venues)
    set_times(programme, times)


def details_of(programme: Programme) -> ProgrammeDetails:
    """What a programme says now; putting it into the programme again changes nothing."""
    return ProgrammeDetails(
        **{field: getattr(programme, field) for field in _LENGTHS},
        name=programme.name,
        conditions=wordings(programme, TermField.CONDITION),
        approaches=wordings(programme, TermField.APPROACH),
        areas=tuple(each.area_code for each in programme.areas),
        min_age=programme.min_age,
        max_age=programme.max_age,
        delivery=programme.delivery,
        locations=venues_of(programme),
        schedules=times_of(programme),
        is_free=programme.is_free,
        professions=tuple(each.profession for each in programme.sought_professions),
        places_per_month=programme.places_per_month,
    )


def _check_lengths(texts: Mapping[str, str]) -> None:
    for field, text in texts.items():
        if len(text) > _LENGTHS[field]:
            raise FieldError(
                field, _("This must be %(most)s characters or fewer", most=_LENGTHS[field])
            )


def _check_ages(details: ProgrammeDetails) -> None:
    for field, age in (("min_age", details.min_age), ("max_age", details.max_age)):
        if age is not None and not 0 <= age <= OLDEST_AGE:
            raise FieldError(
                field, _("An age must be a whole number from 0 to %(oldest)s", oldest=OLDEST_AGE)
            )
    if (
        details.min_age is not None
        and details.max_age is not None
        and details.min_age > details.max_age
    ):
        raise FieldError("max_age", _("The oldest age must not be below the youngest"))


def _area_codes(wordings: tuple[str, ...]) -> list[str]:
    """Current codes for codes, names and postcodes, in the order given.

    Raises:
        FieldError: A place is not known; unlike a condition, a place does not count as text.
    """
    codes: dict[str, None] = {}
    for wording in filter(None, (each.strip() for each in wordings)):
        place = find_place(wording)
        if place is None:
            raise FieldError("areas", _unknown_place(wording))
        codes.update(dict.fromkeys(place.area_codes))
    return list(codes)


def _unknown_place(wording: str) -> str:
    similar = similar_places(wording)
    if similar:
        return _(
            "We do not know the place “%(place)s”. Did you mean %(similar)s?",
            place=wording,
            similar=_(" or ").join(similar),
        )
    return _(
        "We do not know the place “%(place)s”. Enter a council area, a health board, a nation or a"
        " postcode, each on its own line",
        place=wording,
    )


def _terms(field: TermField, typed: tuple[str, ...]) -> list[tuple[TermField, str, str]]:
    """Field, wording and code of each answer, without repeating a term or a wording."""
    thesaurus = load_vocabulary().thesaurus(field)
    found: dict[str, tuple[TermField, str, str]] = {}
    for wording in filter(None, (" ".join(each.split()) for each in typed)):
        code = thesaurus.resolve(wording) or ""
        kept = thesaurus[code].label if wording == code else wording
        found.setdefault(code or wording.casefold(), (field, kept, code))
    if len(found) > MOST_WORDINGS:
        raise FieldError(
            "conditions" if field is TermField.CONDITION else "approaches",
            _("Choose %(most)s or fewer; the ones that matter most", most=MOST_WORDINGS),
        )
    return list(found.values())


def _professions(codes: tuple[str, ...]) -> list[str]:
    professions = load_vocabulary().professions
    if any(code not in professions for code in codes):
        raise FieldError("professions", _("Choose professions from the list"))
    return sorted(set(codes))


def _set_areas(programme: Programme, codes: list[str]) -> None:
    """Add and remove single rows, so that a primary key is never deleted and inserted at once."""
    programme.areas[:] = [each for each in programme.areas if each.area_code in codes]
    present = {each.area_code for each in programme.areas}
    programme.areas.extend(ProgrammeArea(area_code=code) for code in codes if code not in present)


def _set_terms(programme: Programme, terms: list[tuple[TermField, str, str]]) -> None:
    if [(each.field, each.wording, each.code) for each in programme.terms] != terms:
        programme.terms[:] = [
            ProgrammeTerm(field=field, wording=wording, code=code) for field, wording, code in terms
        ]


def _set_professions(programme: Programme, codes: list[str]) -> None:
    programme.sought_professions[:] = [
        each for each in programme.sought_professions if each.profession in codes
    ]
    present = {each.profession for each in programme.sought_professions}
    programme.sought_professions.extend(
        ProgrammeProfession(profession=code) for code in codes if code not in present
    )
