"""The open data as files: the same that the web answers, all of it at one moment."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from matchmaker.services.open_referral import listing, mapping
from matchmaker.services.open_referral.sources import Source
from matchmaker.services.open_referral.taxonomies import Taxonomy, list_terms
from matchmaker.services.open_referral.values import Json, filled

SERVICES, TAXONOMIES, TERMS = "services.json", "taxonomies.json", "taxonomy_terms.json"

# Told after each step how many services came with it.
Progress = Callable[[int], None]


def export(folder: Path, *, progress: Progress) -> int:
    """Write the open data into `folder`; return how many services there are.

    Whoever calls it sees to it that everything is read as of one moment. The same data make the
    same bytes. Every file is written in full before the first takes the place of an older one.

    Raises:
        OSError: The folder cannot be made or written to, or the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as unfinished:
        new = Path(unfinished)
        with _written_through(new / SERVICES) as stream:
            total = _write_services(stream, progress)
        for name, items in (
            (TAXONOMIES, [mapping.taxonomy(each) for each in Taxonomy]),
            (TERMS, [mapping.taxonomy_term(term) for term in list_terms()]),
        ):
            with _written_through(new / name) as stream:
                _write_list(stream, items)
        for name in (SERVICES, TAXONOMIES, TERMS):
            (new / name).replace(folder / name)
    return total


@contextmanager
def _written_through(path: Path) -> Iterator[IO[str]]:
    """A new file that is on the disk at the end."""
    with path.open("w", encoding="utf-8") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def _write_services(stream: IO[str], progress: Progress) -> int:
    """A batch at a time: there may be more than the memory holds."""
    total = listing.count_services()
    sources: dict[Source, None] = {}
    stream.write(_opening(total))
    is_first = True
    for batch in listing.each_service():
        places = [place for programme in batch for place in programme.locations]
        around = listing.surroundings_of(batch, places)
        sources |= dict.fromkeys(around.origins.everyone())
        for programme in batch:
            stream.write("\n" if is_first else ",\n")
            stream.write(_written(mapping.service(programme, around)))
            is_first = False
        progress(len(batch))
    named = sorted(sources, key=lambda source: (source.name, source.key))
    credit = filled({"attribution": [mapping.attribution(each) for each in named]})
    stream.write("\n]" + (", " + _written(credit).removeprefix("{") if credit else "}") + "\n")
    return total


def _write_list(stream: IO[str], items: list[Json]) -> None:
    stream.write(_opening(len(items)) + "\n" + ",\n".join(map(_written, items)) + "\n]}\n")


def _opening(total: int) -> str:
    whole = mapping.envelope(total, size=total, page=1, per_page=max(total, 1))
    return _written(whole).removesuffix("}") + ', "contents": ['


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
