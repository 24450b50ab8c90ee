"""A snapshot in a folder, to be mapped into the memory of every process that serves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matchmaker.engine import storage
from matchmaker.engine.corpus import Corpus, Ids
from matchmaker.engine.facets import Facet, Members
from matchmaker.engine.features import Facts, Features, as_matrix
from matchmaker.engine.index import Common, Index, Lists
from matchmaker.engine.model import Model
from matchmaker.engine.parameters import DEFAULT, Parameters
from matchmaker.engine.postings import Postings
from matchmaker.engine.profiles import Professional, Programme
from matchmaker.engine.saturation import WordStatistics
from matchmaker.engine.snapshot import Snapshot
from matchmaker.engine.statements import Profile
from matchmaker.engine.storage import Arrays, Stored, WrittenByOthers
from matchmaker.engine.stored_readings import StoredReadings
from matchmaker.vocabulary import Vocabulary

_FEATURES = ("seeking", "offering", "place_seeking", "place_offering")
_COMMON = ("approaches_offered", "approaches_sought")


def save(
    snapshot: Snapshot,
    folder: Path,
    *,
    arrays: Arrays | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Write a snapshot into a new folder.

    ``arrays`` and ``about`` are more to keep with it, and are given back by `storage.read`.

    Raises:
        FileExistsError: The folder exists.
    """
    model = snapshot.model
    words = model.text.statistics_
    kept = {
        "model.conditions": _information(model.condition.similarity_.information_),
        "model.approaches": _information(model.approach.similarity_.information_),
        "model.idf": words.idf,
        **_of_words(words.words),
        **dict(_of_corpus("professionals", snapshot.professionals)),
        **dict(_of_corpus("programmes", snapshot.programmes)),
        **(arrays or {}),
    }
    storage.write(
        folder,
        kept,
        {
            **(about or {}),
            "model": model.parameters.version,
            "vocabulary": model.vocabulary.version,
            "text_only": model.text_only,
            "unseen_idf": words.unseen_idf,
            "average_length": words.average_length,
        },
    )


def restore(
    stored: Stored, *, vocabulary: Vocabulary, parameters: Parameters = DEFAULT
) -> Snapshot:
    """Return the snapshot that a folder holds, its arrays left where they are.

    Raises:
        WrittenByOthers: It was fitted by another version of the model or of the vocabulary.
    """
    about, arrays = stored.about, stored.arrays
    for what, wanted in (("model", parameters.version), ("vocabulary", vocabulary.version)):
        if about[what] != wanted:
            raise WrittenByOthers(
                f"This snapshot was fitted with {what} {about[what]}; this version has {wanted}. "
                "Run: matchmaker index build"
            )
    model = Model(vocabulary=vocabulary, parameters=parameters, text_only=about["text_only"])
    model.restore(
        conditions=arrays["model.conditions"].tolist(),
        approaches=arrays["model.approaches"].tolist(),
        words=WordStatistics(
            words=_words(arrays),
            idf=arrays["model.idf"],
            unseen_idf=about["unseen_idf"],
            average_length=about["average_length"],
        ),
    )
    professionals: Corpus[Professional] = _corpus("professionals", arrays, model)
    programmes: Corpus[Programme] = _corpus("programmes", arrays, model)
    return Snapshot(model, professionals, programmes)


def open_snapshot(folder: Path, *, vocabulary: Vocabulary) -> Snapshot:
    """Verify a folder and return the snapshot it holds.

    Raises:
        Damaged: It is not what was written.
        WrittenByOthers: It was written or fitted by another version.
    """
    return restore(storage.read(folder), vocabulary=vocabulary)


def _information(by_code: Mapping[str, float]) -> NDArray[np.float64]:
    return np.array(list(by_code.values()), dtype=np.float64)


def _of_words(words: Sequence[str]) -> Arrays:
    encoded = "\n".join(words).encode()
    return {"model.words": np.frombuffer(encoded, dtype=np.uint8)}


def _words(arrays: Arrays) -> tuple[str, ...]:
    return tuple(arrays["model.words"].tobytes().decode().split("\n"))


def _of_corpus(
    side: str, corpus: Corpus[Professional] | Corpus[Programme]
) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield every array of a corpus under a name of its own."""
    index = corpus.index
    readings: StoredReadings[Any] = StoredReadings.of(corpus.readings)
    for part, holder in (
        ("readings", readings),
        ("ids", corpus.ids),
        ("facts", index.features.facts),
        ("place", index.place),
        ("circumstances", index.circumstances),
        ("in_person", index.in_person),
        *((f"lists.{each.name}", getattr(index.lists, each.name)) for each in fields(Lists)),
    ):
        for field in fields(holder):
            yield f"{side}.{part}.{field.name}", getattr(holder, field.name)
    matrices = {name: getattr(index.features, name) for name in _FEATURES}
    matrices |= {name: getattr(index.common, name) for name in _COMMON}
    for name, matrix in matrices.items():
        yield f"{side}.{name}.values", matrix.data
        yield f"{side}.{name}.columns", matrix.indices.astype(np.int32, copy=False)
        yield f"{side}.{name}.starts", matrix.indptr
    yield f"{side}.words_sought", index.common.words_sought
    for field_name, weights in index.features.weights.items():
        yield f"{side}.weights.{field_name}", weights


def _corpus(side: str, arrays: Arrays, model: Model) -> Corpus[Profile]:
    def part(name: str) -> dict[str, NDArray[Any]]:
        prefix = f"{side}.{name}."
        return {
            key.removeprefix(prefix): array
            for key, array in arrays.items()
            if key.startswith(prefix)
        }

    facts = Facts(**part("facts"))
    n_rows, width, n_areas = len(facts.is_open), model.width_, model.place.width_
    widths = {"place_seeking": n_areas, "place_offering": n_areas}

    def matrices(names: Sequence[str]) -> dict[str, csr_array]:
        shapes = {name: (n_rows, widths.get(name, width)) for name in names}
        return {name: as_matrix(**part(name), shape=shapes[name]) for name in names}

    ids = Ids(**part("ids"))
    index = Index.restore(
        Features(**matrices(_FEATURES), weights=part("weights"), facts=facts),
        ids.ranks(),
        model.topics_,
        place=Facet(**part("place")),
        circumstances=Facet(**part("circumstances")),
        in_person=Members(**part("in_person")),
        lists=Lists(
            **{each.name: Postings(**part(f"lists.{each.name}")) for each in fields(Lists)}
        ),
        common=Common(**matrices(_COMMON), words_sought=arrays[f"{side}.words_sought"]),
    )
    return Corpus(StoredReadings(**part("readings")), ids, index)
