"""The words both sides share: conditions, approaches, professions and areas.

Pure: the standard library and the data files beside the code, nothing else.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from matchmaker.vocabulary.areas import Area, Areas, load_areas
from matchmaker.vocabulary.errors import VocabularyError
from matchmaker.vocabulary.function_words import function_words
from matchmaker.vocabulary.groups import TermGroup, TermGroups, load_groups
from matchmaker.vocabulary.loader import (
    DATA,
    GROUP_FILES,
    digest,
    find_problems,
    load_thesaurus,
)
from matchmaker.vocabulary.reading import Mention, Reader
from matchmaker.vocabulary.thesaurus import Term, Thesaurus

__all__ = [
    "Area",
    "Areas",
    "Mention",
    "Term",
    "TermGroup",
    "TermGroups",
    "Thesaurus",
    "Vocabulary",
    "VocabularyError",
    "find_problems",
    "function_words",
    "load_groups",
    "load_vocabulary",
]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything the product knows about words and places, and the digest of its data files.

    Groups of terms are for figures only, and have no part in the digest: see `loader.digest`.
    """

    conditions: Thesaurus
    approaches: Thesaurus
    professions: Thesaurus
    audiences: Thesaurus
    condition_groups: TermGroups
    approach_groups: TermGroups
    areas: Areas
    version: str
    _reader: Reader = field(init=False, repr=False, compare=False)
    _audience_reader: Reader = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the readers."""
        object.__setattr__(self, "_reader", Reader((self.conditions, self.approaches)))
        object.__setattr__(self, "_audience_reader", Reader((self.audiences,)))

    def thesaurus(self, field: str) -> Thesaurus:
        """Return the thesaurus of a field, such as that of a mention; raise KeyError if none."""
        thesauri = (self.conditions, self.approaches, self.professions)
        return {each.name: each for each in thesauri}[field]

    def read(self, text: str) -> list[Mention]:
        """Return the conditions and approaches a free text mentions, in the order of the text."""
        return self._reader.read(text)

    def read_audiences(self, text: str) -> list[Mention]:
        """Return the groups of people a free text mentions, in the order of the text."""
        return self._audience_reader.read(text)


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """Return the shipped vocabulary, read and checked once a process.

    Raises:
        VocabularyError: a data file is wrong; the message says file, entry and what is wrong.
    """
    conditions, approaches = load_thesaurus("condition"), load_thesaurus("approach")
    return Vocabulary(
        conditions=conditions,
        approaches=approaches,
        professions=load_thesaurus("profession"),
        audiences=load_thesaurus("audience"),
        condition_groups=load_groups(DATA / GROUP_FILES["condition"], conditions),
        approach_groups=load_groups(DATA / GROUP_FILES["approach"], approaches),
        areas=load_areas(),
        version=digest(),
    )
