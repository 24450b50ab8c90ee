"""A thesaurus: terms with their wordings, broader terms and related terms."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matchmaker.vocabulary.words import key

_WITH_BRACKETS = re.compile(r"([^()]+)\(([^()]+)\)\s*")


@dataclass(frozen=True, slots=True)
class Term:
    """One concept of a thesaurus.

    ``synonyms`` are other names that everybody uses, ``clinical`` those of clinicians and other
    professionals; both match in any case, ``abbreviations`` only as written. ``read_as`` holds more
    of all three that are understood and never shown to anybody. ``broader`` and ``related`` hold
    codes; the strength of a related pair lies in (0, 1]. ``false_friends`` are phrases that contain
    a wording of the term and do not mean it.
    """

    code: str
    label: str
    definition: str
    synonyms: tuple[str, ...] = ()
    clinical: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    read_as: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[tuple[str, float], ...] = ()
    false_friends: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What people may read: the label, then what everybody says, then what clinicians say."""
        return (self.label, *self.synonyms, *self.clinical)

    @property
    def wordings(self) -> tuple[str, ...]:
        """What is understood in any case: all names, and others never shown."""
        hidden = (each for each in self.read_as if not _is_short_form(each))
        return (*self.names, *hidden)

    @property
    def short_forms(self) -> tuple[str, ...]:
        """What is understood only as written: the abbreviations, and others never shown."""
        return (*self.abbreviations, *filter(_is_short_form, self.read_as))

    @property
    def heading(self) -> str:
        """The label as it stands by itself: with a capital, its abbreviations as they are."""
        return self.label[:1].upper() + self.label[1:]


class Thesaurus:
    """Terms in the order of their file, found by any of their wordings.

    The terms must have passed the checks of the loader: known references, no cycle, and no wording
    that stands for two terms.
    """

    def __init__(self, name: str, terms: Mapping[str, Term]) -> None:
        self.name = name
        self.terms: Mapping[str, Term] = MappingProxyType(dict(terms))
        self._codes_by_key: dict[str, str] = {}
        self._codes_by_abbreviation: dict[str, str] = {}
        for term in self.terms.values():
            for wording in (term.code, *term.wordings):
                self._codes_by_key[key(wording)] = term.code
            for abbreviation in term.short_forms:
                self._codes_by_abbreviation[abbreviation] = term.code
        for abbreviation, code in list(self._codes_by_abbreviation.items()):
            self._codes_by_key.setdefault(key(abbreviation), code)
        self._ancestors: dict[str, frozenset[str]] = {}
        for code in self.terms:
            self._ancestors[code] = self._climb(code)
        descendants: dict[str, set[str]] = {code: set() for code in self.terms}
        related: dict[str, dict[str, float]] = {code: {} for code in self.terms}
        for code, term in self.terms.items():
            for ancestor in self._ancestors[code]:
                descendants[ancestor].add(code)
            for other, strength in term.related:
                related[code][other] = related[other][code] = strength
        self._descendants = {code: frozenset(below) for code, below in descendants.items()}
        self._related = {code: MappingProxyType(pairs) for code, pairs in related.items()}

    def __getitem__(self, code: str) -> Term:
        """Return a term; raise KeyError for an unknown code."""
        return self.terms[code]

    def __contains__(self, code: object) -> bool:
        """Whether this is the code of a term."""
        return code in self.terms

    def __iter__(self) -> Iterator[str]:
        """Iterate over the codes in the order of the file."""
        return iter(self.terms)

    def __len__(self) -> int:
        """Count the terms."""
        return len(self.terms)

    def resolve(self, wording: str) -> str | None:
        """Return the code meant by an answer that is one whole wording, or None.

        Codes and wordings match in any case, number and national spelling. An abbreviation
        matches as written first and then in any case, since the whole answer is the abbreviation.
        "Wording (ABBREVIATION)" is understood where both halves mean the same term.
        """
        wording = wording.strip()
        if wording in self.terms:
            return wording
        code = self._codes_by_abbreviation.get(wording) or self._codes_by_key.get(key(wording))
        if code is None and (halves := _WITH_BRACKETS.fullmatch(wording)):
            outside, inside = (self.resolve(half) for half in halves.groups())
            return outside if outside == inside else None
        return code

    def ancestors(self, code: str) -> frozenset[str]:
        """Return every broader term, at any distance; raise KeyError for an unknown code."""
        return self._ancestors[code]

    def descendants(self, code: str) -> frozenset[str]:
        """Return every narrower term, at any distance; raise KeyError for an unknown code."""
        return self._descendants[code]

    def related(self, code: str) -> Mapping[str, float]:
        """Return the strength of each related term, the same seen from both terms."""
        return self._related[code]

    def _climb(self, code: str) -> frozenset[str]:
        above: set[str] = set()
        waiting = list(self.terms[code].broader)
        while waiting:
            parent = waiting.pop()
            if parent not in above:
                above.add(parent)
                waiting.extend(self.terms[parent].broader)
        return frozenset(above)


def _is_short_form(wording: str) -> bool:
    """Whether this is one word with several capitals, such as NICU or cPTSD."""
    return wording.isalnum() and sum(map(str.isupper, wording)) > 1
