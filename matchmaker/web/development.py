"""Conveniences that exist in development only: the mail that was sent, and demo sign-ins."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("development", __name__, url_prefix="/dev")
