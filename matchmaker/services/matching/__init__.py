"""Where models and engine meet, and the only place: rows in, suggestions out."""

from matchmaker.services.matching.exploration import (
    explore_for_professional,
    explore_for_programme,
)
from matchmaker.services.matching.index import (
    Keeper,
    build_here,
    current_folder,
    keeper,
    start_build,
    warm_up,
)
from matchmaker.services.matching.snapshots import Folder, NoSnapshot, Served
from matchmaker.services.matching.suggestions import (
    Door,
    SuggestedProfessional,
    SuggestedProgramme,
    explain,
    record_shown,
    replayed,
    suggest_for_answers,
    suggest_for_professional,
    suggest_for_programme,
)

__all__ = [
    "Door",
    "Folder",
    "Keeper",
    "NoSnapshot",
    "Served",
    "SuggestedProfessional",
    "SuggestedProgramme",
    "build_here",
    "current_folder",
    "explain",
    "explore_for_professional",
    "explore_for_programme",
    "keeper",
    "record_shown",
    "replayed",
    "start_build",
    "suggest_for_answers",
    "suggest_for_professional",
    "suggest_for_programme",
    "warm_up",
]
