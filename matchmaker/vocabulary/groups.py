"""Groups of terms, for figures: which of a few wide groups a term belongs to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from matchmaker.vocabulary.errors import VocabularyError
from matchmaker.vocabulary.thesaurus import Thesaurus

_LISTS = ("roots", "terms", "without")


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Some terms of a thesaurus, under one label."""

    code: str
    label: str
    terms: frozenset[str]

    @property
    def heading(self) -> str:
        """The label as it stands by itself."""
        return self.label[:1].upper() + self.label[1:]


class TermGroups:
    """The groups of one thesaurus, in the order of their file."""

    def __init__(self, groups: Iterable[TermGroup]) -> None:
        self.groups: Mapping[str, TermGroup] = MappingProxyType(
            {each.code: each for each in groups}
        )
        self._groups_of: dict[str, tuple[str, ...]] = {}
        for group in self.groups.values():
            for term in group.terms:
                self._groups_of[term] = (*self._groups_of.get(term, ()), group.code)

    def __getitem__(self, code: str) -> TermGroup:
        """Return a group; raise KeyError for an unknown code."""
        return self.groups[code]

    def __contains__(self, code: object) -> bool:
        """Whether this is the code of a group."""
        return code in self.groups

    def __iter__(self) -> Iterator[str]:
        """Iterate over the codes in the order of the file."""
        return iter(self.groups)

    def __len__(self) -> int:
        """Count the groups."""
        return len(self.groups)

    def groups_of(self, term: str) -> tuple[str, ...]:
        """Return the codes of the groups a term belongs to; none for what is no term."""
        return self._groups_of.get(term, ())


def load_groups(path: Path, thesaurus: Thesaurus) -> TermGroups:
    """Return the groups of a file; its first lines explain the keys.

    Raises:
        VocabularyError: The first thing that is wrong in it.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise VocabularyError(path.name, "file", str(error)) from error
    groups = []
    for code, table in tables.items():
        for fault in _faults(table, thesaurus):
            raise VocabularyError(path.name, f"[{code}]", fault)
        groups.append(TermGroup(code, table["label"], _terms(table, thesaurus)))
    found = TermGroups(groups)
    for term in thesaurus:
        if not found.groups_of(term):
            raise VocabularyError(path.name, "file", f"{term!r} belongs to no group")
    return found


def _faults(table: Mapping[str, Any], thesaurus: Thesaurus) -> Iterator[str]:
    if not table.get("label"):
        yield "needs a label"
    for name in sorted(table.keys() - {"label", *_LISTS}):
        yield f"unknown key {name!r}"
    for name in _LISTS:
        for term in table.get(name, ()):
            if term not in thesaurus:
                yield f"{name} {term!r} is not a term"


def _terms(table: Mapping[str, Any], thesaurus: Thesaurus) -> frozenset[str]:
    inside = _with_narrower(table.get("roots", ()), thesaurus) | set(table.get("terms", ()))
    return frozenset(inside - _with_narrower(table.get("without", ()), thesaurus))


def _with_narrower(roots: Iterable[str], thesaurus: Thesaurus) -> set[str]:
    return {term for root in roots for term in (root, *thesaurus.descendants(root))}
