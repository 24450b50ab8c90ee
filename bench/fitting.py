"""Fit a made-up corpus in a process of its own, and leave the snapshot in a folder.

    python -m bench.fitting FOLDER PROGRAMMES PROFESSIONALS

Prints one JSON object: seconds, the most memory the process held, and the size of the folder.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from bench import ours
from bench.corpus import Corpus


def main(folder: Path, n_programmes: int, n_professionals: int) -> None:
    """Fit, save and print."""
    corpus = Corpus()
    programmes = corpus.programmes(n_programmes)
    professionals = corpus.professionals(n_professionals)
    started = time.perf_counter()
    snapshot = ours.fit(professionals, programmes)
    fitted = time.perf_counter()
    ours.save(snapshot, folder)
    figures = {
        "seconds": fitted - started,
        "seconds to save": time.perf_counter() - fitted,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "saved MB": sum(path.stat().st_size for path in folder.rglob("*")) / 1e6,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
