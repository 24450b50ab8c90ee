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
from matchmaker.engine.parameters import DEFAULT, MODEL_VERSION, Parameters
from matchmaker.engine.profiles import Ages, Delivery, Professional, Programme, Status, Wanted
from matchmaker.engine.score import Sides
from matchmaker.engine.snapshot import Refusal, Snapshot, Suggestion, fit

__all__ = [
    "DEFAULT",
    "MODEL_VERSION",
    "Ages",
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
    "Suggestion",
    "Wanted",
    "evaluate",
    "fit",
    "measure",
    "rank",
    "read_documents",
    "read_judgements",
    "read_professionals",
    "read_programmes",
]
