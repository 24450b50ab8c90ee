"""What can be wrong in the data file of a thesaurus, each fault in words its editor can act on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from matchmaker.vocabulary.thesaurus import Term, Thesaurus
from matchmaker.vocabulary.words import keeps_s, key, spell

LISTS = ("synonyms", "clinical", "abbreviations", "read_as", "broader", "false_friends")

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEYS = frozenset({"label", "definition", "related", *LISTS})
_ORDINARY_WORDS = Path(__file__).with_name("data") / "ordinary_words.txt"


@cache
def _ordinary_words() -> frozenset[str]:
    """Return English words that a text in capitals would turn into abbreviations."""
    return frozenset(_ORDINARY_WORDS.read_text("utf-8").split())


def faults_of_shape(code: str, table: object) -> Iterator[str]:
    """Yield what is wrong with one entry, seen by itself."""
    if not _CODE.fullmatch(code):
        yield "a code is lower-case words joined by hyphens"
    if not isinstance(table, dict):
        yield "an entry is a table"
        return
    for name in sorted(table.keys() - _KEYS):
        yield f"unknown key {name!r}"
    for name in ("label", "definition"):
        text = table.get(name)
        if not isinstance(text, str) or not key(text) or text != text.strip():
            yield f"needs a {name}: text without spaces around it"
        elif name == "definition" and not text.endswith("."):
            yield "the definition is a sentence and ends with a full stop"
    for name in LISTS:
        values = table.get(name, [])
        if not isinstance(values, list) or not all(isinstance(v, str) and key(v) for v in values):
            yield f"{name} is a list of texts"
    yield from _faults_of_strength(table.get("related", {}))


def _faults_of_strength(related: object) -> Iterator[str]:
    if not isinstance(related, dict):
        yield "related is a table of codes with strengths"
        return
    for other, strength in related.items():
        if isinstance(strength, bool) or not isinstance(strength, int | float):
            yield f"related {other!r}: the strength is a number"
        elif not 0 < strength <= 1:
            yield f"related {other!r}: the strength {strength} is not above 0 and at most 1"


def faults_between(terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    """Yield the code and the fault for what is wrong between the entries of one file."""
    orphans = list(_faults_of_reference(terms))
    yield from orphans
    if not orphans:
        cycles = list(_cycles(terms))
        yield from cycles
        if not cycles:
            yield from _faults_of_relation(terms)
    yield from _faults_of_wording(terms)
    yield from _faults_of_false_friends(terms)


def _faults_of_reference(terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    for code, term in terms.items():
        for other in term.broader:
            if other not in terms:
                yield code, f"broader {other!r} is not an entry"
        for other, _ in term.related:
            if other not in terms:
                yield code, f"related {other!r} is not an entry"


def _cycles(terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    """Yield each term at which a climb to the broader terms comes back to where it has been."""
    finished: set[str] = set()
    for start in terms:
        path: list[str] = []
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:
            code, is_leaving = waiting.pop()
            if is_leaving:
                finished.add(path.pop())
            elif code in path:
                loop = " → ".join([*path[path.index(code) :], code])
                yield code, f"broader goes round in a circle: {loop}"
            elif code not in finished:
                path.append(code)
                waiting.append((code, True))
                waiting.extend((parent, False) for parent in terms[code].broader)


def _faults_of_relation(terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    thesaurus = Thesaurus("", terms)
    strengths: dict[frozenset[str], float] = {}
    for code, term in terms.items():
        for other, strength in term.related:
            if other == code or other in thesaurus.ancestors(code) | thesaurus.descendants(code):
                yield code, f"related {other!r} is the term itself, broader or narrower"
            elif strengths.setdefault(frozenset({code, other}), strength) != strength:
                yield code, f"related {other!r}: the other entry gives another strength"


def _faults_of_wording(terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    """Yield wordings that stand for two terms, stand twice, or are ordinary words in capitals."""
    owners: dict[str, tuple[str, str]] = {}
    for code, term in terms.items():
        for wording in term.wordings:
            yield from _claim(owners, code, wording)
        for abbreviation in term.short_forms:
            yield from _claim(owners, code, abbreviation)
        for fault in (*_faults_of_audience(term), *_faults_of_capitals(term)):
            yield code, fault
    for code in terms:
        owner, _ = owners.setdefault(key(code), (code, code))
        if owner != code:
            yield code, f"the code reads like a wording of [{owner}]"


def _faults_of_audience(term: Term) -> Iterator[str]:
    for name in term.clinical:
        if name in (term.label, *term.synonyms):
            yield f"{name!r} is clinical and also what everybody says"


def _faults_of_capitals(term: Term) -> Iterator[str]:
    for wording in (*term.synonyms, *term.clinical, *term.abbreviations, *term.read_as):
        if wording.isupper() and wording.casefold() in _ordinary_words():
            yield f"{wording!r} is an English word in capitals"
    for name in (*term.synonyms, *term.clinical):
        if name.isupper() and len(spell(name)) == 1:
            yield f"{name!r} is in capitals: it belongs to the abbreviations"
    for abbreviation in term.abbreviations:
        if not abbreviation.isalnum() or abbreviation.islower():
            yield f"abbreviation {abbreviation!r} is not one word with capitals"


def _claim(
    owners: dict[str, tuple[str, str]], code: str, wording: str
) -> Iterator[tuple[str, str]]:
    owner, first = owners.setdefault(key(wording), (code, wording))
    if owner != code:
        yield code, f"{wording!r} also stands for [{owner}]"
    elif first != wording and not _is_number_of(first, wording):
        yield code, f"{wording!r} repeats {first!r}: case, plural and spelling are evened out"


def _is_number_of(first: str, second: str) -> bool:
    """Whether these are one word in singular and in plural, which a reader tells apart."""
    words = spell(first), spell(second)
    return all(len(w) == 1 for w in words) and keeps_s(words[0][0]) != keeps_s(words[1][0])


def _faults_of_false_friends(terms: Mapping[str, Term]) -> Iterator[tuple[str, str]]:
    wordings = {key(wording): code for code, term in terms.items() for wording in term.wordings}
    for code, term in terms.items():
        own = {f" {key(wording)} " for wording in (*term.wordings, *term.short_forms)}
        for phrase in term.false_friends:
            if key(phrase) in wordings:
                yield code, f"false friend {phrase!r} is a wording of [{wordings[key(phrase)]}]"
            elif not _contains_any(f" {key(phrase)} ", own):
                yield code, f"false friend {phrase!r} contains no wording of the term"


def _contains_any(phrase: str, wordings: Iterable[str]) -> bool:
    return any(wording in phrase for wording in wordings)
