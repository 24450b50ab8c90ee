"""What templates can use: the design system, dates, names from the vocabulary, compiled files.

Our own templates fail on a name that does not exist. The design system's macros are written for an
engine in which a missing parameter is simply empty, so theirs are compiled to allow that.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, url_for
from flask.templating import Environment as FlaskEnvironment
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)

from matchmaker.services.clock import clock_time, day_month, long_date
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.navigation import navigation_items
from matchmaker.web.reported_pages import page_to_report

if TYPE_CHECKING:
    from collections.abc import MutableMapping

DESIGN_SYSTEM = "govuk_frontend_jinja"


class AssetsMissing(RuntimeError):
    """The styles and scripts have not been compiled."""


class PageEnvironment(FlaskEnvironment):
    """Flask's environment, quicker at `{% from … import … %}`, of which a page has dozens.

    Each import compares the names known everywhere with those of the imported file. Jinja's layered
    mapping takes a fifth of the time of a page for that; a plain dictionary takes next to none.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return a template's own copy of the names, which are all set before the first is read."""
        return {**self.globals, **(d or {})}


class DesignSystemLoader(PackageLoader):
    """Loads the design system's templates, which rely on missing parameters being empty."""

    _lenient: Environment | None = None

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - the face is Jinja's
    ) -> Template:
        """Compile a template of theirs in an environment that differs in this one thing."""
        if self._lenient is None:
            self._lenient = environment.overlay(undefined=ChainableUndefined)
        return super().load(self._lenient, name, globals)


def asset(name: str) -> str:
    """The address of a compiled file, whose name holds a hash of its content."""
    return url_for("static", filename=_manifest(current_app)[name])


def _manifest(app: Flask) -> dict[str, str]:
    manifest: dict[str, str] | None = app.extensions.get("asset_manifest")
    if manifest is None:
        path = Path(app.static_folder or "") / "manifest.json"
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise AssetsMissing(
                "The styles and scripts are not compiled. `make setup` does it."
            ) from None
        # In development a page picks up a new build without a restart.
        if not app.extensions["settings"].is_development:
            app.extensions["asset_manifest"] = manifest
    return manifest


# The vocabulary is read when a page first needs it, so that a fault in its files names itself there
# and does not keep commands that never use it from starting.
def _area_name(code: str) -> str:
    return load_vocabulary().areas.label(code)


def _profession_name(code: str) -> str:
    return load_vocabulary().professions[code].heading


def init_app(app: Flask) -> None:
    """Give templates the design system, our filters and our names."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    theirs = PrefixLoader({DESIGN_SYSTEM: DesignSystemLoader(DESIGN_SYSTEM)})
    environment.loader = ChoiceLoader([app.create_global_jinja_loader(), theirs])
    environment.filters.update(date=long_date, day_month=day_month, clock_time=clock_time)
    environment.globals.update(
        asset=asset,
        area_name=_area_name,
        profession_name=_profession_name,
        navigation_items=navigation_items,
        page_to_report=page_to_report,
    )
