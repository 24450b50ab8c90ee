"""Where models and engine meet, and the only place: rows in, suggestions out."""

from matchmaker.services.matching.index import Keeper, keeper, warm_up
from matchmaker.services.matching.suggestions import (
    SuggestedProfessional,
    SuggestedProgramme,
    explain,
    record_shown,
    suggest_for_answers,
    suggest_for_professional,
    suggest_for_programme,
)

__all__ = [
    "Keeper",
    "SuggestedProfessional",
    "SuggestedProgramme",
    "explain",
    "keeper",
    "record_shown",
    "suggest_for_answers",
    "suggest_for_professional",
    "suggest_for_programme",
    "warm_up",
]
