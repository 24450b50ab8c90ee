"""Open Referral UK v3 out: what everybody may know of programmes, in the format others read.

`published` says which programmes, `mapping` how they are written down, `filters` and `listing` how
they are found. The web and `matchmaker export oruk` show the same.
"""

from matchmaker.services.open_referral.export import export
from matchmaker.services.open_referral.filters import WEEKDAYS, Wanted
from matchmaker.services.open_referral.listing import (
    Found,
    Part,
    changed_at,
    count_services,
    each_service,
    find_place,
    find_service,
    list_places,
    list_services,
    surroundings_of,
)
from matchmaker.services.open_referral.mapping import (
    attribution,
    envelope,
    service,
    service_at_location,
    service_at_location_by_itself,
    service_at_location_in_short,
    service_in_short,
    taxonomy,
    taxonomy_term,
)
from matchmaker.services.open_referral.mapping import (
    changed_at as service_changed_at,
)
from matchmaker.services.open_referral.names import find_name
from matchmaker.services.open_referral.sources import Source, list_sources
from matchmaker.services.open_referral.taxonomies import (
    Taxonomy,
    find_taxonomy,
    find_term,
    list_terms,
)

__all__ = [
    "WEEKDAYS",
    "Found",
    "Part",
    "Source",
    "Taxonomy",
    "Wanted",
    "attribution",
    "changed_at",
    "count_services",
    "each_service",
    "envelope",
    "export",
    "find_name",
    "find_place",
    "find_service",
    "find_taxonomy",
    "find_term",
    "list_places",
    "list_services",
    "list_sources",
    "list_terms",
    "service",
    "service_at_location",
    "service_at_location_by_itself",
    "service_at_location_in_short",
    "service_changed_at",
    "service_in_short",
    "surroundings_of",
    "taxonomy",
    "taxonomy_term",
]
