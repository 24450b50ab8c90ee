"""The form that asks whether what was read in a text is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.services.readings import ReadTerm
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import CheckboxesField, SelectChoice, SubmitField, VersionField


class ReadTermsForm(Form):
    """One box for each term; none is ticked until its reader ticks it."""

    # What was ticked may have been chosen in another window since; the version says so.
    terms = CheckboxesField(
        _l("We read these in what you wrote. Are they right?"),
        [InputRequired(_l("Tick what is right, or press “None of these”"))],
        heading=True,
        hint=_l(
            "We add only what you tick to your conditions and kinds of support. Your text stays as"
            " you wrote it."
        ),
        validate_choice=False,
    )
    version = VersionField()
    add = SubmitField(_l("Add these"))

    def show_terms(self, asked: Sequence[ReadTerm]) -> None:
        """Ask about these."""
        self.terms.choices = [
            SelectChoice(
                read.key,
                read.term.heading,
                render_kw={"hint": _("from “%(words)s”", words=read.words)},
            )
            for read in asked
        ]

    def ticked(self, asked: Sequence[ReadTerm]) -> list[ReadTerm]:
        """Those of the terms asked about that were ticked."""
        values: set[Any] = set(self.terms.data or ())
        return [read for read in asked if read.key in values]
