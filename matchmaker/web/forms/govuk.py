"""Parameters of the design system's macros, and the call that renders one.

The names of the keys are those of the GOV.UK Frontend macros.
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from markupsafe import Markup

Parameters = dict[str, Any]


def render_component(component: str, macro: str, parameters: Parameters) -> Markup:
    """Render the design system's `macro` from the file of `component`."""
    template = current_app.jinja_env.get_template(
        f"govuk_frontend_jinja/components/{component}/macro.html"
    )
    return Markup(getattr(template.module, macro)(parameters))  # noqa: S704 - it escapes by itself


def text_of(value: object) -> Parameters:
    """`value` as a part that holds plain text; the macro escapes it."""
    return {"text": str(value)}


def without_empty(parameters: Parameters) -> Parameters:
    """The parameters that say something; a macro takes an absent key as its default."""
    return {key: value for key, value in parameters.items() if value not in (None, "", {}, [])}
