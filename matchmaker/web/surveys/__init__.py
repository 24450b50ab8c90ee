"""Surveys: a lead's pages, where they are written, opened and read, and those of who answers."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("surveys", __name__, url_prefix="/surveys")
lead_blueprint = Blueprint("lead_surveys", __name__, url_prefix="/lead/surveys")


# Each of these adds its views to one of the blueprints.
from matchmaker.web.surveys import answering, questions, reading, running, writing  # noqa: E402

__all__ = [
    "answering",
    "blueprint",
    "lead_blueprint",
    "questions",
    "reading",
    "running",
    "writing",
]
