"""What several processes do with one snapshot: memory, a swap under load, a batch.

    python -m bench.serving FOLDER

Runs in a process of its own, which holds nothing but what serving needs, and prints one JSON
object.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from bench import ours
from bench.corpus import Corpus, QueryKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from matchmaker.engine import Professional, Snapshot

TOP = 10
TOP_OF_BATCH = 20
N_WORKERS = 4
N_BATCH_PROCESSES = 2
N_QUERIES = 200
BATCH_SECONDS = 8.0
LOAD_SECONDS = 2.0

_fork = multiprocessing.get_context("fork")


def main(folder: Path) -> None:
    """Measure and print."""
    queries = Corpus().queries(QueryKind.FULL, 2_000)
    snapshot = ours.opened(folder)
    figures: dict[str, object] = {
        "memory": memory(snapshot, queries[:N_QUERIES]),
        "batch": batch(snapshot, queries),
    }
    del snapshot
    figures["swap"] = swap(folder, queries[:N_QUERIES])
    print(json.dumps(figures))


def memory(snapshot: Snapshot, queries: Sequence[Professional]) -> dict[str, object]:
    """Return the memory of workers that were forked from one process and each served queries."""
    gc.collect()
    gc.freeze()
    with _Workers(N_WORKERS, lambda link, _: _ask_once(link, snapshot, queries)) as workers:
        workers.results()
        return {"processes": N_WORKERS, **workers.memory()}


def batch(snapshot: Snapshot, queries: Sequence[Professional]) -> dict[str, object]:
    """Return how many rows a second two processes find the top 20 of, queries encoded before."""
    encoded = [ours.encode(snapshot, query) for query in queries]
    started = time.perf_counter()
    for query in encoded[:20]:
        ours.search(snapshot, query, TOP_OF_BATCH)
    expected = (time.perf_counter() - started) / 20
    encoded = encoded[: max(40, int(N_BATCH_PROCESSES * BATCH_SECONDS / expected))]

    def work(link: Connection, index: int) -> None:
        link.recv()
        for query in encoded[index::N_BATCH_PROCESSES]:
            ours.search(snapshot, query, TOP_OF_BATCH)
        link.send(None)

    with _Workers(N_BATCH_PROCESSES, work) as workers:
        started = time.perf_counter()
        workers.tell("start")
        workers.results()
        seconds = time.perf_counter() - started
    return {
        "rows": len(encoded),
        "cores": N_BATCH_PROCESSES,
        "rows a second": len(encoded) / seconds,
    }


def swap(folder: Path, queries: Sequence[Professional]) -> dict[str, object]:
    """Return what happens when a link to the snapshot is turned while workers serve."""
    with TemporaryDirectory(dir=folder.parent) as place:
        link = Path(place, "current")
        for name in ("before", "after"):
            shutil.copytree(folder, Path(place, name))
        link.symlink_to("before")
        # Nothing but this list holds the snapshot, so that a worker which turns lets go of it.
        held = [ours.opened(Path(place, "before"))]
        gc.collect()
        gc.freeze()
        with _Workers(N_WORKERS, lambda end, _: _serve(end, link, held, queries)) as workers:
            time.sleep(LOAD_SECONDS)
            turned = time.perf_counter()
            Path(place, "next").symlink_to("after")
            Path(place, "next").rename(link)
            seconds = time.perf_counter() - turned
            time.sleep(LOAD_SECONDS)
            workers.tell("stop")
            served = workers.results()
            memory_after = workers.memory()
    return _swap_figures(served, turned, seconds) | {"after": memory_after}


def _swap_figures(
    served: Sequence[dict[str, Any]], turned: float, seconds: float
) -> dict[str, object]:
    ends = np.concatenate([each["ends"] for each in served])
    lasted = np.concatenate([each["lasted"] for each in served]) * 1e3
    before = lasted[ends < turned]
    after = lasted[ends >= turned]
    swapped = [each["swapped"] for each in served]
    return {
        "processes": len(served),
        "turning the link, ms": seconds * 1e3,
        "opening, ms": [each["opening"] * 1e3 for each in served if each["swapped"]],
        "all workers serve the new one after, ms": (
            (max(swapped) - turned) * 1e3 if all(swapped) else None
        ),
        "requests": len(lasted),
        "failed": sum(each["failed"] for each in served),
        "before, ms": _spread(before),
        "after, ms": _spread(after),
    }


def _spread(values: np.ndarray) -> dict[str, float]:
    p50, p99 = np.quantile(values, (0.5, 0.99))
    return {"p50": float(p50), "p99": float(p99), "longest": float(values.max())}


def _ask_once(link: Connection, snapshot: Snapshot, queries: Sequence[Professional]) -> None:
    for query in queries:
        ours.suggest(snapshot, query, TOP)
    link.send(None)


def _serve(
    end: Connection, link: Path, held: list[Snapshot], queries: Sequence[Professional]
) -> None:
    """Serve until told to stop, looking before each query where the link leads."""
    current = "before"
    ends, lasted = [], []
    opening = swapped = 0.0
    failed = 0
    for query in _round(queries):
        if end.poll():
            break
        started = time.perf_counter()
        try:
            target = str(link.readlink())
            if target != current:
                held[0], current = ours.opened(link.parent / target), target
                opening = time.perf_counter() - started
            ours.suggest(held[0], query, TOP)
        except Exception:  # noqa: BLE001 -- whatever fails is a request that was dropped
            failed += 1
            continue
        ended = time.perf_counter()
        swapped = swapped or (ended if opening else 0.0)
        ends.append(ended)
        lasted.append(ended - started)
    end.recv()
    end.send(
        {
            "ends": np.array(ends),
            "lasted": np.array(lasted),
            "opening": opening,
            "swapped": swapped,
            "failed": failed,
        }
    )


def _round(queries: Sequence[Professional]) -> Iterator[Professional]:
    while True:
        yield from queries


class _Workers:
    """Forked processes, each with a connection; they stay until the end of the `with`."""

    def __init__(self, n_workers: int, work: Callable[[Connection, int], None]) -> None:
        pairs = [_fork.Pipe() for _ in range(n_workers)]
        self.links = [link for link, _ in pairs]
        self.processes = [
            _fork.Process(target=self._run, args=(work, end, index), daemon=True)
            for index, (_, end) in enumerate(pairs)
        ]

    @staticmethod
    def _run(work: Callable[[Connection, int], None], end: Connection, index: int) -> None:
        work(end, index)
        end.recv()

    def __enter__(self) -> Self:
        for process in self.processes:
            process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.tell("go home")
        for process in self.processes:
            process.join()

    def tell(self, message: str) -> None:
        """Send all of them a message."""
        for link in self.links:
            link.send(message)

    def results(self) -> list[Any]:
        """Return what each of them sends."""
        return [link.recv() for link in self.links]

    def memory(self) -> dict[str, float]:
        """Return proportional set sizes: pages shared by n processes count 1/n in each."""
        workers = sum(_pss(process.pid) for process in self.processes)
        return {"workers MB": workers, "with their parent MB": workers + _pss(os.getpid())}


def _pss(pid: int | None) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]))
