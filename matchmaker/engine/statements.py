"""What a profile says on each of its two sides: what it offers, and what it seeks.

Here wordings become codes and free text becomes words and read terms; a blank ``seeks`` becomes the
profile's own offers; and wordings the vocabulary does not know become text.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from matchmaker.engine.parameters import APPROACH, CONDITION, Parameters
from matchmaker.engine.profiles import ALL_AGES, Ages, Professional, Programme
from matchmaker.engine.text import stems
from matchmaker.vocabulary import Mention, Vocabulary

Profile = TypeVar("Profile", bound=Professional | Programme)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A vocabulary term read from free text, with the stems of the words it was read from."""

    field: str
    code: str
    words: tuple[str, ...]
    in_title: bool
    n_words_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One side of a profile: codes confirmed by its author, and free text as read.

    What a programme offers holds among the terms ``spoken`` the groups of people it writes of.
    """

    conditions: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    people: Ages = ALL_AGES
    title: str = ""
    body: str = ""
    title_words: tuple[str, ...] = ()
    body_words: tuple[str, ...] = ()
    spoken: tuple[Spoken, ...] = ()

    def confirmed(self, field: str) -> tuple[str, ...]:
        """Return the confirmed codes of a field; none where there is nothing to confirm."""
        return {CONDITION: self.conditions, APPROACH: self.approaches}.get(field, ())

    def offered(self, field: str, parameters: Parameters) -> Mapping[str, float]:
        """Return the confidence in each code of a kind, whether confirmed or read, in (0, 1]."""
        confidences = dict.fromkeys(self.confirmed(field), 1.0)
        said = Counter(spoken.code for spoken in self.spoken if spoken.field == field)
        for spoken in self.spoken:
            if spoken.field != field:
                continue
            if spoken.in_title:
                confidence = parameters.confidence_in_title
            elif spoken.n_words_before < parameters.early_words or said[spoken.code] > 1:
                confidence = parameters.confidence_in_focus
            else:
                confidence = parameters.confidence_in_passing
            confidences[spoken.code] = max(confidence, confidences.get(spoken.code, 0.0))
        return confidences


class Reading(NamedTuple, Generic[Profile]):
    """A profile with what it offers and what it seeks."""

    profile: Profile
    offers: Statement
    seeks: Statement


def from_text(title: str, body: str, vocabulary: Vocabulary) -> Statement:
    """Return the statement of a text that comes without a profile."""
    return _with_text(Statement(), title, body, vocabulary)


def read_professional(professional: Professional, vocabulary: Vocabulary) -> Reading[Professional]:
    """Return what a professional offers and seeks."""
    unknown: list[str] = []
    offers = _structured(professional, vocabulary, unknown)
    professions = _codes([professional.profession], vocabulary.professions.resolve, unknown)
    offers = _with_text(offers, "", _joined(*unknown, professional.text), vocabulary)
    seeks = offers
    if professional.seeks.strip():
        seeks = _with_text(offers, "", _joined(*unknown, professional.seeks), vocabulary)
    return Reading(professional, replace(offers, professions=professions), seeks)


def read_programme(programme: Programme, vocabulary: Vocabulary) -> Reading[Programme]:
    """Return what a programme offers and seeks.

    Its title is its own name with the name of its organisation, unless one contains the other.
    """
    unknown: list[str] = []
    offers = _structured(programme, vocabulary, unknown)
    title = _joined(*_distinct_names(programme.name, programme.organisation))
    offers = _with_text(offers, title, _joined(*unknown, programme.text), vocabulary)
    unknown_professions: list[str] = []
    professions = _codes(
        programme.seeks.professions, vocabulary.professions.resolve, unknown_professions
    )
    seeks = offers
    if programme.seeks.text.strip():
        body = _joined(*unknown, *unknown_professions, programme.seeks.text)
        seeks = _with_text(offers, "", body, vocabulary)
    elif unknown_professions:
        seeks = _with_text(offers, title, _joined(*unknown_professions, offers.body), vocabulary)
    audiences = _read(title, vocabulary.read_audiences, in_title=True)
    audiences += _read(offers.body, vocabulary.read_audiences, in_title=False)
    offers = replace(offers, spoken=offers.spoken + audiences)
    return Reading(programme, offers, replace(seeks, professions=professions))


def _structured(
    profile: Professional | Programme, vocabulary: Vocabulary, unknown: list[str]
) -> Statement:
    return Statement(
        conditions=_codes(profile.conditions, vocabulary.conditions.resolve, unknown),
        approaches=_codes(profile.approaches, vocabulary.approaches.resolve, unknown),
        areas=_codes(profile.areas, vocabulary.areas.resolve, unknown),
        people=profile.people,
    )


def _codes(
    wordings: Iterable[str],
    resolve: Callable[[str], str | frozenset[str] | None],
    unknown: list[str],
) -> tuple[str, ...]:
    """Return the codes meant, in order and once each; add wordings without one to ``unknown``."""
    codes: dict[str, None] = {}
    for wording in wordings:
        if not wording.strip():
            continue
        found = resolve(wording)
        if not found:
            unknown.append(wording)
        elif isinstance(found, str):
            codes[found] = None
        else:
            codes.update(dict.fromkeys(sorted(found)))
    return tuple(codes)


def _with_text(statement: Statement, title: str, body: str, vocabulary: Vocabulary) -> Statement:
    return replace(
        statement,
        title=title,
        body=body,
        title_words=stems(title),
        body_words=stems(body),
        spoken=(
            *_read(title, vocabulary.read, in_title=True),
            *_read(body, vocabulary.read, in_title=False),
        ),
    )


def _read(
    text: str, mentions: Callable[[str], Iterable[Mention]], *, in_title: bool
) -> tuple[Spoken, ...]:
    spoken = []
    n_words, counted_to = 0, 0
    for mention in mentions(text) if text else ():
        n_words += len(text[counted_to : mention.start].split())
        counted_to = mention.start
        spoken.append(
            Spoken(
                field=mention.field,
                code=mention.code,
                words=stems(text[mention.start : mention.end]),
                in_title=in_title,
                n_words_before=n_words,
            )
        )
    return tuple(spoken)


def _joined(*parts: str) -> str:
    return ". ".join(part.strip() for part in parts if part.strip())


def _distinct_names(name: str, organisation: str) -> tuple[str, ...]:
    if organisation.casefold() in name.casefold():
        return (name,)
    if name.casefold() in organisation.casefold():
        return (organisation,)
    return (name, organisation)
