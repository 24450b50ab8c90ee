"""The matching engine: pure functions of profiles, a vocabulary and one set of constants.

No clock, no network, no database. Fit a snapshot, ask it for suggestions, ask it why.
"""

from matchmaker.engine.evaluation import Document, Quality, Run, evaluate, measure, rank
from matchmaker.engine.explain import Reason
from matchmaker.engine.json_lines import (
    LineError,
    read_documents,
    read_judgements,
    read_professionals,
    read_programmes,
)
from matchmaker.engine.kernels import fastest
from matchmaker.engine.parameters import (
    DEFAULT,
    EARLIER_VERSIONS,
    MODEL_VERSION,
    Parameters,
)
from matchmaker.engine.profiles import Ages, Delivery, Professional, Programme, Status, Wanted
from matchmaker.engine.score import Contribution, Sides, label, replay
from matchmaker.engine.snapshot import Refusal, Snapshot, Suggestion, Why, fit
from matchmaker.engine.snapshot_files import open_snapshot, restore, save
from matchmaker.engine.storage import Damaged, Stored, WrittenByOthers, read, verify

__all__ = [
    "DEFAULT",
    "EARLIER_VERSIONS",
    "MODEL_VERSION",
    "Ages",
    "Contribution",
    "Damaged",
    "Delivery",
    "Document",
    "LineError",
    "Parameters",
    "Professional",
    "Programme",
    "Quality",
    "Reason",
    "Refusal",
    "Run",
    "Sides",
    "Snapshot",
    "Status",
    "Stored",
    "Suggestion",
    "Wanted",
    "Why",
    "WrittenByOthers",
    "evaluate",
    "fastest",
    "fit",
    "label",
    "measure",
    "open_snapshot",
    "rank",
    "read",
    "read_documents",
    "read_judgements",
    "read_professionals",
    "read_programmes",
    "replay",
    "restore",
    "save",
    "verify",
]
