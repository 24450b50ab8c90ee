"""Reads the thesauri from their data files and checks them.

A file is TOML with one table for each term, named by its code; the top of conditions.toml explains
the keys.
"""

import tomllib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from matchmaker.vocabulary.checks import LISTS, faults_between, faults_of_shape
from matchmaker.vocabulary.errors import VocabularyError
from matchmaker.vocabulary.thesaurus import Term, Thesaurus

DATA = Path(__file__).with_name("data")
FILES = {
    "condition": "conditions.toml",
    "approach": "approaches.toml",
    "profession": "professions.toml",
    "audience": "audiences.toml",
}
GROUP_FILES = {"condition": "condition_groups.toml", "approach": "approach_groups.toml"}


def load_thesaurus(name: str, directory: Path = DATA) -> Thesaurus:
    """Return the thesaurus of that name; raise VocabularyError for the first thing wrong in it."""
    terms, problems = _read(FILES[name], directory)
    for problem in problems:
        raise problem
    return Thesaurus(name, terms)


def find_problems(directory: Path = DATA) -> list[VocabularyError]:
    """Return everything that is wrong in the files of the thesauri, for whoever edits them."""
    return [problem for file in FILES.values() for problem in _read(file, directory)[1]]


def digest(directory: Path = DATA) -> str:
    """Return twelve hexadecimal digits that change with any data file that matching reads.

    How terms are grouped in figures is none of these, so that regrouping them fits nothing anew.
    """
    state = sha256()
    for path in sorted(directory.iterdir()):
        is_read = path.suffix in {".toml", ".csv", ".txt"}
        if is_read and path.name not in GROUP_FILES.values():
            state.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()[:12]


def _read(file: str, directory: Path) -> tuple[dict[str, Term], list[VocabularyError]]:
    try:
        tables = tomllib.loads((directory / file).read_text("utf-8"))
    except (OSError, ValueError) as error:
        return {}, [VocabularyError(file, "file", str(error))]
    terms: dict[str, Term] = {}
    problems = []
    for code, table in tables.items():
        faults = list(faults_of_shape(code, table))
        problems += [VocabularyError(file, f"[{code}]", fault) for fault in faults]
        if not faults:
            terms[code] = _term(code, table)
    if not problems:
        for code, fault in faults_between(terms):
            problems.append(VocabularyError(file, f"[{code}]", fault))
    return terms, problems


def _term(code: str, table: Mapping[str, Any]) -> Term:
    return Term(
        code=code,
        label=table["label"],
        definition=table["definition"],
        related=tuple(table.get("related", {}).items()),
        **{name: tuple(table.get(name, ())) for name in LISTS},
    )
