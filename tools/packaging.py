"""Puts what lives beside the package inside it when a wheel is built.

An installed Matchmaker finds its templates, its compiled front end and its migrations in its own
folder; a checkout, which an editable install points to, finds them beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("templates", "static/build", "migrations")


class IncludeFolders(BuildHookInterface[Any]):
    """Hatchling calls this before it builds a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders to a real wheel, and nothing to an editable one.

        Raises:
            FileNotFoundError: The front end has not been compiled.
        """
        if version == "editable":
            return
        for folder in FOLDERS:
            if not (Path(self.root) / folder).is_dir():
                raise FileNotFoundError(f"{folder} is missing; `make front-end` compiles it.")
            build_data["force_include"][folder] = f"matchmaker/{folder}"
