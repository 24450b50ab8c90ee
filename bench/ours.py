"""The one place where the benchmarks meet our engine: what is fitted, saved, opened and asked."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matchmaker import engine
from matchmaker.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matchmaker.engine import Professional, Programme

NAME = "Matchmaker"
WITH_REASONS = "Matchmaker, with reasons"


def fit(professionals: Iterable[Professional], programmes: Iterable[Programme]) -> engine.Snapshot:
    """Return a fitted snapshot."""
    return engine.fit(professionals, programmes, vocabulary=load_vocabulary())


def save(snapshot: engine.Snapshot, folder: Path) -> None:
    """Write a snapshot into a new folder."""
    engine.save(snapshot, folder)


def opened(folder: Path) -> engine.Snapshot:
    """Verify a folder and return its snapshot, the arrays mapped into memory."""
    return engine.open_snapshot(folder, vocabulary=load_vocabulary())


def encode(snapshot: engine.Snapshot, professional: Professional) -> Any:
    """Return a professional in the form that `search` takes; not part of a search's time."""
    return snapshot.encode_professional(professional)


def search(snapshot: engine.Snapshot, query: Any, top: int) -> Any:
    """Return the exact top by m, gates and both routes included."""
    return snapshot.search(query, top=top)


def scores(found: Any) -> np.ndarray:
    """Return the scores m of what `search` found."""
    return np.asarray(found.scores.mutual)


def suggest(snapshot: engine.Snapshot, professional: Professional, top: int) -> list[Any]:
    """Return the same from a profile as somebody wrote it, with the reasons for each."""
    return snapshot.suggest(professional, top=top)


def update(snapshot: engine.Snapshot, programme: Programme) -> engine.Snapshot:
    """Take in one changed programme without a fit."""
    return snapshot.with_profiles([], [programme])


def fingerprint() -> str:
    """Return what a saved snapshot depends on: the engine's code and the vocabulary."""
    digest = hashlib.sha256(load_vocabulary().version.encode())
    for path in sorted(Path(engine.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
