"""Registering, signing in and out, and looking after a password."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
