"""What each format of a feed is read by, and where it comes from unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from matchmaker.models import SourceFormat
from matchmaker.services.imports.aliss import ATTRIBUTION, LICENCE, read_aliss
from matchmaker.services.imports.oruk import read_oruk
from matchmaker.services.imports.plan import Source
from matchmaker.services.imports.records import Feed, Limits

Reader = Callable[[bytes, str, Limits, Mapping[str, str]], Feed]

READERS: Mapping[SourceFormat, Reader] = MappingProxyType(
    {SourceFormat.ORUK: read_oruk, SourceFormat.ALISS: read_aliss}
)
SOURCES: Mapping[SourceFormat, Source] = MappingProxyType(
    {
        SourceFormat.ORUK: Source(name="Open Referral UK", format=SourceFormat.ORUK),
        SourceFormat.ALISS: Source(
            name="ALISS",
            format=SourceFormat.ALISS,
            url="https://www.aliss.org",
            attribution=ATTRIBUTION,
            licence=LICENCE,
        ),
    }
)
