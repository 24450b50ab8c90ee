"""Every constant of the model, in one place and under one version.

The starting values are those chosen and measured for the project; a change of any of them is a new
version, so that what was shown to people can be traced to the model that showed it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MODEL_VERSION = "2"
EARLIER_VERSIONS = ("1",)
"""Every version there was before, newest first: figures tell them apart."""

CONDITION, PLACE, APPROACH = "condition", "place", "approach"
PEOPLE, PROFESSION, TEXT = "people", "profession", "text"
AUDIENCE = "audience"
"""No field: groups of people are read as a caution, and never compared."""
TOPICS = (CONDITION, APPROACH, TEXT)
"""The fields that say what two could work on together; the others only whether they can."""

CIRCUMSTANCES = (PLACE, PEOPLE, PROFESSION)

PROFESSIONAL_GROUPS = (TOPICS, CIRCUMSTANCES)
"""Among which fields the weight of a missing answer goes round, as it comes from a professional.

They were asked, and said what they look for: how much it counts beside being near does not depend
on whether they said it as a condition or in words.
"""
PROGRAMME_GROUPS = (TOPICS + CIRCUMSTANCES,)
"""The same of a programme.

One that names no condition has often not been asked, and the words in which it describes itself
stand for what it looks for. No professional says as much, so that place and profession count more.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Constants of a model version.

    Attributes:
        version: Name of the set, reported with every result.
        base: b, the log odds of interest where nothing that is sought is offered.
        professional_weights: w_f of the fields in which a professional seeks.
        programme_weights: w_f of the fields in which a programme seeks.
        strong: Smallest coverage, of the two sides', that is called strong.
        good: Smallest coverage that is called good.
        online: Value of the place field where both sides work online.
        any_profession: Similarity of any allied health profession where a programme names none.
        smallest_similarity: Similarities below this count as none.
        k1: Saturation of repeated words (Robertson and Zaragoza 2009).
        b: Strength of the correction for text length (same source).
        title_weight: How many times a word counts when it stands in a title.
        reading: r, the weight of terms read from a text beside the words they were read from.
        loose_in_text: Factor on broader and related terms that were only read from a text.
        confidence_in_title: Confidence in a term read from a title.
        confidence_in_focus: The same for one said early in the text, or more than once.
        confidence_in_passing: The same for any other term read.
        early_words: How many words from its beginning a text counts as early.
        stale_after_months: Age of a check from which people are told about it.
    """

    version: str = MODEL_VERSION
    base: float = -4.5
    professional_weights: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {CONDITION: 3.2, PLACE: 1.6, APPROACH: 1.0, PEOPLE: 0.5, PROFESSION: 0.0, TEXT: 1.6}
        )
    )
    programme_weights: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {CONDITION: 3.2, PLACE: 1.6, APPROACH: 1.0, PEOPLE: 0.5, PROFESSION: 1.5, TEXT: 1.6}
        )
    )
    strong: float = 0.65
    good: float = 0.40
    online: float = 0.7
    any_profession: float = 0.3
    smallest_similarity: float = 0.2
    k1: float = 1.2
    b: float = 0.75
    title_weight: int = 2
    reading: float = 0.5
    loose_in_text: float = 0.5
    confidence_in_title: float = 1.0
    confidence_in_focus: float = 0.7
    confidence_in_passing: float = 0.3
    early_words: int = 20
    stale_after_months: int = 6


DEFAULT = Parameters()
