"""How long a search takes among programmes of several numbers, beside its peers in the same run.

    python -m bench.speed [SIZE ...] [--cache FOLDER]

For each number of programmes: fitting, single searches of three kinds, a batch, one changed
programme, and what several processes do with one snapshot. A fitted snapshot is kept in the cache
(build/bench), so that a second run need not wait for it; the time of the fit is kept with it.
"""

from __future__ import annotations

import argparse
import gc
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench import ours
from bench.corpus import SEED, Corpus, QueryKind
from bench.peers import PEERS, Peer, Tokenizer, Vectors
from bench.results import machine, record
from bench.serving import TOP, TOP_OF_BATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scipy.sparse import csr_matrix

    from bench.peers import Tokens
    from matchmaker.engine import Professional, Programme, Snapshot

SIZES = (10_000, 50_000, 200_000)
CACHE = Path(__file__).parent.parent / "build" / "bench"
PROGRAMMES_PER_PROFESSIONAL = 10
N_WARM_UP = 20
N_QUERIES = 300
N_SLOW_WARM_UP = 3
N_SLOW_QUERIES = 40
N_BATCH = 2_000
BATCH_SECONDS = 8.0
N_UPDATES = 30
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def measure(size: int, cache: Path, on: dict[str, object]) -> dict[str, Any]:
    """Return every figure for one number of programmes, measured on this machine."""
    n_professionals = max(size // PROGRAMMES_PER_PROFESSIONAL, 1)
    figures: dict[str, Any] = {
        "machine": on,
        "seed": SEED,
        "programmes": size,
        "professionals": n_professionals,
        "top": TOP,
        "top of batch": TOP_OF_BATCH,
        "fit": {},
        "latency": {kind: {} for kind in QueryKind},
        "batch": {},
        "update": {},
    }
    corpus = Corpus()
    started = time.perf_counter()
    programmes = corpus.programmes(size)
    figures["seconds to make the corpus"] = time.perf_counter() - started
    queries = {kind: corpus.queries(kind, N_WARM_UP + N_QUERIES) for kind in QueryKind}
    changed = corpus.programmes(N_UPDATES)

    folder, figures["fit"][ours.NAME] = fitted(cache, size, n_professionals)
    snapshot = ours.opened(folder)
    measure_ours(snapshot, queries, changed, figures)
    del snapshot
    measure_peers(corpus, programmes, queries, changed, figures)
    del programmes
    serving = _run("bench.serving", folder)
    figures["batch"][ours.NAME] = serving.pop("batch")
    return {**figures, **serving}


def fitted(cache: Path, n_programmes: int, n_professionals: int) -> tuple[Path, dict[str, float]]:
    """Return the folder of a fitted snapshot and what the fit took; fits if it is not there.

    What another version of the engine or the vocabulary left there goes.
    """
    begins = f"{n_programmes}-{n_professionals}-{SEED}-"
    folder = cache / f"{begins}{ours.fingerprint()}"
    kept = folder.with_suffix(".json")
    if not kept.exists():
        for stale in cache.glob(f"{begins}*"):
            shutil.rmtree(stale) if stale.is_dir() else stale.unlink()
        fit = _run("bench.fitting", folder, n_programmes, n_professionals)
        kept.write_text(json.dumps(fit), encoding="utf-8")
    return folder, json.loads(kept.read_text("utf-8"))


def measure_ours(
    snapshot: Snapshot,
    queries: dict[QueryKind, list[Professional]],
    changed: Sequence[Programme],
    figures: dict[str, Any],
) -> None:
    """Take the figures of our own search, by itself and with the reasons."""
    for kind, professionals in queries.items():
        encoded = [ours.encode(snapshot, professional) for professional in professionals]
        figures["latency"][kind] |= {
            ours.NAME: latency(lambda query: ours.search(snapshot, query, TOP), encoded),
            ours.WITH_REASONS: latency(
                lambda query: ours.suggest(snapshot, query, TOP), professionals
            ),
        }
        figures.setdefault("same scores with reasons", {})[kind] = sum(
            _same(snapshot, one, query)
            for one, query in zip(professionals[:N_WARM_UP], encoded, strict=False)
        )
    figures["update"][ours.NAME] = _milliseconds(
        lambda programme: ours.update(snapshot, programme), changed
    )


def _same(snapshot: Snapshot, professional: Professional, query: Any) -> bool:
    """Whether a search and the explained suggestions agree on the scores."""
    explained = [each.score for each in ours.suggest(snapshot, professional, TOP)]
    found = ours.scores(ours.search(snapshot, query, TOP))
    return len(found) == len(explained) and np.allclose(found, explained, rtol=0, atol=1e-12)


def measure_peers(
    corpus: Corpus,
    programmes: Sequence[Programme],
    queries: dict[QueryKind, list[Professional]],
    changed: Sequence[Programme],
    figures: dict[str, Any],
) -> None:
    """Take the figures of the peers, one after the other."""
    tokenizer = Tokenizer(corpus.vocabulary)
    tokens = [tokenizer.programme(programme) for programme in programmes]
    asked = {kind: [tokenizer.professional(p) for p in each] for kind, each in queries.items()}
    many = [tokenizer.professional(p) for p in corpus.queries(QueryKind.FULL, N_BATCH)]
    new = [tokenizer.programme(programme) for programme in changed]
    figures["columns a programme"] = _mean_distinct(tokens)
    figures["terms a query"] = {kind: _mean_distinct(each) for kind, each in asked.items()}

    vectors = Vectors()
    started = time.perf_counter()
    rows = vectors.fit(tokens)
    vectorising = time.perf_counter() - started
    figures["fit"]["tf-idf rows for the peers of vectors"] = {"seconds": vectorising}

    def as_rows(of: Sequence[Tokens]) -> csr_matrix:
        return vectors.rows(of)

    for peer in (kind() for kind in PEERS):
        started = time.perf_counter()
        peer.fit(rows if peer.of_vectors else tokens)
        seconds = time.perf_counter() - started
        figures["fit"][peer.name] = {"seconds": seconds + (vectorising if peer.of_vectors else 0.0)}
        for kind, each in asked.items():
            prepared = [
                peer.query(one) for one in (_one_by_one(as_rows(each)) if peer.of_vectors else each)
            ]
            figures["latency"][kind][peer.name] = latency(
                _searching(peer), prepared, is_slow=peer.is_slow
            )
        if hasattr(peer, "batch"):
            figures["batch"][peer.name] = _batch(peer, as_rows(many) if peer.of_vectors else many)
        if hasattr(peer, "update"):
            take_in = (lambda one, p=peer: p.update(as_rows([one]))) if peer.of_vectors else None
            figures["update"][peer.name] = _milliseconds(take_in or peer.update, new)


def _searching(peer: Peer) -> Callable[[Any], object]:
    return lambda query: peer.search(query, TOP)


def _one_by_one(rows: csr_matrix) -> list[csr_matrix]:
    return [rows[index] for index in range(rows.shape[0])]


def _mean_distinct(tokens: Sequence[Tokens]) -> float:
    return float(np.mean([len(set(each)) for each in tokens]))


def latency(
    search: Callable[[Any], object], queries: Sequence[Any], *, is_slow: bool = False
) -> dict[str, float]:
    """Return the quantiles of single searches in milliseconds, after a warm-up."""
    n_warm_up, n_queries = (N_SLOW_WARM_UP, N_SLOW_QUERIES) if is_slow else (N_WARM_UP, N_QUERIES)
    for query in queries[:n_warm_up]:
        search(query)
    gc.collect()
    gc.freeze()
    lasted = np.array([_lasted(search, query) for query in queries[n_warm_up:][:n_queries]])
    gc.unfreeze()
    quantiles = {name: float(np.quantile(lasted, at)) for name, at in QUANTILES.items()}
    return {**quantiles, "queries": len(lasted)}


def _milliseconds(work: Callable[[Any], object], items: Sequence[Any]) -> dict[str, float]:
    """Return the median of doing something with each item, the first left out."""
    lasted = [_lasted(work, item) for item in items]
    return {"p50": float(np.median(lasted[1:])), "times": len(lasted) - 1}


def _lasted(work: Callable[[Any], object], item: Any) -> float:
    started = time.perf_counter_ns()
    work(item)
    return (time.perf_counter_ns() - started) / 1e6


def _batch(peer: Any, asked: csr_matrix | Sequence[Tokens]) -> dict[str, float]:
    """Return how many rows a second a peer finds the top of; as many as fit into the time."""
    peer.batch(asked[:4], TOP_OF_BATCH)
    started = time.perf_counter()
    peer.batch(asked[:64], TOP_OF_BATCH)
    expected = (time.perf_counter() - started) / 64
    rows = int(np.clip(BATCH_SECONDS / expected, 64, N_BATCH))
    started = time.perf_counter()
    peer.batch(asked[:rows], TOP_OF_BATCH)
    seconds = time.perf_counter() - started
    return {"rows": rows, "cores": peer.cores, "rows a second": rows / seconds}


def _run(module: str, *arguments: object) -> dict[str, Any]:
    """Run a module of ours in a fresh process and return what it printed."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def show(figures: dict[str, Any]) -> None:
    """Print the tables of one size."""
    print(f"\n{figures['programmes']:,} programmes: top {TOP}, milliseconds")
    print(f"{'':46}" + "".join(f"{f'{kind} p50':>20}{'p99':>9}" for kind in figures["latency"]))
    for name in next(iter(figures["latency"].values())):
        each = [rows[name] for rows in figures["latency"].values()]
        print(f"{name:46}" + "".join(f"{row['p50']:20.3f}{row['p99']:9.3f}" for row in each))
    print(f"\n{'':46}{'fit, s':>12}{'top 20, rows a second':>24}{'one changed, ms':>18}")
    for name, fit in figures["fit"].items():
        batch = figures["batch"].get(name, {}).get("rows a second")
        update = figures["update"].get(name, {}).get("p50")
        print(
            f"{name:46}{fit['seconds']:12.1f}"
            + (f"{batch:24,.0f}" if batch else f"{'':24}")
            + (f"{update:18.3f}" if update else "")
        )
    agreeing = sum(figures["same scores with reasons"].values())
    asked = N_WARM_UP * len(figures["latency"])
    print(f"\nsearches that agree with the explained suggestions: {agreeing} of {asked}")
    memory, swap = figures["memory"], figures["swap"]
    print(f"\n{memory['processes']} workers: {memory['workers MB']:,.0f} MB (PSS)")
    print(
        f"a new snapshot: opened in {max(swap['opening, ms'], default=0):.1f} ms, "
        f"{swap['failed']} of {swap['requests']:,} requests failed, "
        f"{swap['after']['workers MB']:,.0f} MB afterwards"
    )


def run(sizes: Sequence[int], cache: Path = CACHE) -> None:
    """Measure, print and record each size."""
    on = machine()
    for size in sizes:
        figures = measure(size, cache.resolve(), on)
        show(figures)
        record("speed", figures, part=str(size))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(prog="bench.speed", description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), metavar="SIZE")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where fitted snapshots are kept")
    options = parser.parse_args(arguments)
    run(options.sizes, options.cache)


if __name__ == "__main__":
    main()
