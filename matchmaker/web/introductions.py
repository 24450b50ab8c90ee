"""Asking for an introduction, answering one, and what comes of it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("introductions", __name__, url_prefix="/introductions")
