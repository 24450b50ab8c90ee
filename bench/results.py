"""Where the benchmarks leave their figures."""

from __future__ import annotations

import json
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")


def record(section: str, figures: object) -> None:
    """Write the figures of one benchmark, and keep those of the others."""
    recorded = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps({**recorded, section: figures}, indent=2) + "\n")
