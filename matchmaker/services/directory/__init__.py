"""The public directory: everybody's way to find a programme, narrow down and compare."""

from matchmaker.services.directory.download import entries_as_csv
from matchmaker.services.directory.entries import Entry, list_entries
from matchmaker.services.directory.finding import Counts, Search, Sort
from matchmaker.services.directory.listing import warm_up
from matchmaker.services.directory.related import (
    Offer,
    Relation,
    Way,
    related_conditions,
    text_without,
    ways_to_find_more,
    with_instead,
)
from matchmaker.services.directory.wishes import (
    ANYWHERE,
    Wishes,
    Within,
    text_before_place,
    understand,
    unknown_place,
    without_full_postcodes,
)

__all__ = [
    "ANYWHERE",
    "Counts",
    "Entry",
    "Offer",
    "Relation",
    "Search",
    "Sort",
    "Way",
    "Wishes",
    "Within",
    "entries_as_csv",
    "list_entries",
    "related_conditions",
    "text_before_place",
    "text_without",
    "understand",
    "unknown_place",
    "warm_up",
    "ways_to_find_more",
    "with_instead",
    "without_full_postcodes",
]
