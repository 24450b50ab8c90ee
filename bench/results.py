"""Where the benchmarks leave their figures, and on which machine they were taken."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")
PACKAGES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "numba",
    "bm25s",
    "tantivy",
    "sparse-dot-topn",
)


def record(section: str, figures: object, *, part: str | None = None) -> None:
    """Write the figures of one benchmark, and keep those of the others.

    With ``part`` only that part of the section is replaced, such as one size of several.
    """
    recorded = read()
    recorded[section] = figures if part is None else {**recorded.get(section, {}), part: figures}
    RESULTS.write_text(json.dumps(recorded, indent=2) + "\n", encoding="utf-8")


def read() -> dict[str, dict]:
    """Return what has been recorded, by section."""
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}


def machine() -> dict[str, object]:
    """Return what the figures depend on: processor, memory, versions, and how busy it is."""
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory GiB": round(int(_first("/proc/meminfo", "MemTotal").split()[0] or 0) / 2**20, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "load before": round(os.getloadavg()[0], 2),
        "versions": {"Python": platform.python_version()} | _versions(),
    }


def _versions() -> dict[str, str]:
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


def _first(path: str, name: str) -> str:
    """Return the first value of a name in a file of /proc, or "0" where there is none."""
    file = Path(path)
    for line in file.read_text().splitlines() if file.exists() else ():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "0"
