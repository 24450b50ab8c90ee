"""Retrieval quality of the text field, beside scikit-learn's defaults in the same run.

Ours is measured with the vocabulary and without it: with words only, the terms that a text mentions
are not looked for. Every mean and every difference comes with its 95 % interval.

    python -m bench.quality [DATA]

DATA (else ``MATCHMAKER_DATA``, else ``bench/data``) is a folder with collections in it, at any
depth: folders with ``docs.jsonl``, ``queries.jsonl`` and ``qrels.tsv`` in the formats of
``matchmaker evaluate``. Nothing is fitted to the queries or the judgements; the statistics are
those of the documents.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bench.results import machine, record
from matchmaker import engine
from matchmaker.engine.evaluation import average_precision, ndcg, precision, recall
from matchmaker.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

DATA = Path(__file__).with_name("data")
MEASURES = ("ndcg@10", "map", "recall@20", "p@10")
RESAMPLES = 10_000
WORDS_ONLY = replace(engine.DEFAULT, reading=0.0)
PEER = "TfidfVectorizer defaults"
OURS = "Matchmaker"
OURS_WORDS_ONLY = "Matchmaker, words only"


def rank_by_tfidf(
    docs: Sequence[engine.Document], queries: Sequence[engine.Document]
) -> engine.Run:
    """Rank by the cosine of scikit-learn's default TF-IDF vectors, ties by id."""
    docs = sorted(docs, key=lambda doc: doc.id)
    vectorizer = TfidfVectorizer()
    rows = vectorizer.fit_transform(f"{doc.title} {doc.text}" for doc in docs)
    asked = vectorizer.transform(f"{query.title} {query.text}" for query in queries)
    scores = (asked @ rows.T).toarray()
    return {
        query.id: [
            (docs[index].id, float(row[index]))
            for index in np.argsort(-row, kind="stable")[: np.count_nonzero(row)]
        ]
        for query, row in zip(queries, scores, strict=True)
    }


def measures(
    run: engine.Run, judgements: Mapping[str, Mapping[str, int]]
) -> dict[str, NDArray[np.float64]]:
    """Return each measure for each query that has a relevant document."""
    judged = [
        ([doc for doc, _ in ranking], judgements[query])
        for query, ranking in run.items()
        if any(grade > 0 for grade in judgements.get(query, {}).values())
    ]
    return {
        "ndcg@10": np.array([ndcg(*each, 10) for each in judged]),
        "map": np.array([average_precision(*each) for each in judged]),
        "recall@20": np.array([recall(*each, 20) for each in judged]),
        "p@10": np.array([precision(*each, 10) for each in judged]),
    }


def interval(values: NDArray[np.float64]) -> list[float]:
    """Return the 95 % interval of the mean, by bootstrap over queries.

    Queries are drawn alike every time, so that differences between two ways are paired.
    """
    generator = np.random.default_rng(0)
    samples = generator.choice(values, size=(RESAMPLES, len(values)))
    return [float(end) for end in np.quantile(samples.mean(axis=1), (0.025, 0.975))]


def gain(
    found: Mapping[str, NDArray[np.float64]], other: Mapping[str, NDArray[np.float64]]
) -> dict[str, dict[str, object]]:
    """Return by how much the first is above the second, for each measure, with the interval."""
    differences = {measure: values - other[measure] for measure, values in found.items()}
    return {
        measure: {"mean": float(each.mean()), "95 %": interval(each)}
        for measure, each in differences.items()
    }


def assess(folder: Path) -> dict[str, dict[str, object]]:
    """Return the quality of every way of ranking one collection, by name."""
    with (folder / "docs.jsonl").open("rb") as file:
        docs = engine.read_documents(file)
    with (folder / "queries.jsonl").open("rb") as file:
        queries = engine.read_documents(file)
    with (folder / "qrels.tsv").open("rb") as file:
        judgements = engine.read_judgements(file)
    vocabulary = load_vocabulary()
    ways = {
        PEER: lambda: rank_by_tfidf(docs, queries),
        OURS_WORDS_ONLY: lambda: engine.rank(
            docs, queries, vocabulary=vocabulary, parameters=WORDS_ONLY
        ),
        OURS: lambda: engine.rank(docs, queries, vocabulary=vocabulary),
    }
    results: dict[str, dict[str, object]] = {}
    by_way: dict[str, dict[str, NDArray[np.float64]]] = {}
    for name, rank in ways.items():
        started = time.perf_counter()
        by_way[name] = measures(rank(), judgements)
        seconds = time.perf_counter() - started
        results[name] = {
            **{measure: float(values.mean()) for measure, values in by_way[name].items()},
            "95 %": {measure: interval(values) for measure, values in by_way[name].items()},
            "above": {other: gain(by_way[name], by_way[other]) for other in results},
            "queries": len(by_way[name]["ndcg@10"]),
            "documents": len(docs),
            "seconds": seconds,
        }
    return results


def show(collection: str, results: Mapping[str, Mapping[str, object]]) -> None:
    """Print one collection's table."""
    first = results[PEER]
    print(f"\n{collection}: {first['queries']} queries, {first['documents']:,} documents")
    print(f"{'':28}" + "".join(f"{measure:>24}" for measure in MEASURES) + f"{'seconds':>9}")
    for name, row in results.items():
        figures = (
            f"{row[measure]:10.3f} [{row['95 %'][measure][0]:.3f}, {row['95 %'][measure][1]:.3f}]"
            for measure in MEASURES
        )
        print(f"{name:28}" + "".join(f"{each:>24}" for each in figures) + f"{row['seconds']:9.1f}")
    for other, measured in results[OURS]["above"].items():
        low, high = measured["ndcg@10"]["95 %"]
        print(f"{OURS} above {other}: nDCG@10 {low:+.3f} to {high:+.3f} (95 %, paired)")


def collections() -> Path:
    """Return the folder of collections where none is given."""
    return Path(os.environ.get("MATCHMAKER_DATA", DATA))


def main(arguments: Sequence[str] | None = None) -> None:
    """Assess every collection of the folder and record the results."""
    parser = argparse.ArgumentParser(prog="bench.quality", description=__doc__.splitlines()[0])
    parser.add_argument(
        "data",
        nargs="?",
        type=Path,
        default=collections(),
        help="folder of collections; default: MATCHMAKER_DATA, else bench/data",
    )
    data = parser.parse_args(arguments).data
    if not run(data):
        parser.error(f"{data} holds no qrels.tsv; give a folder of collections or MATCHMAKER_DATA")


def run(data: Path) -> bool:
    """Assess every collection of the folder and record the results; whether there is any."""
    quality = {path.parent.name: assess(path.parent) for path in sorted(data.rglob("qrels.tsv"))}
    for collection, results in quality.items():
        show(collection, results)
    if quality:
        record("quality", quality)
        record("machine", machine())
    return bool(quality)


if __name__ == "__main__":
    main()
