"""The three questions and the suggestions they lead to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("suggestions", __name__)
