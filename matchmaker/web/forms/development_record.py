"""Writing down what one took from an introduction or a contact."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.services.development_record import REFLECTION_MAX_LENGTH
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import SubmitField, TextAreaField, VersionField


class ReflectionForm(Form):
    """A reflection; an empty one is none."""

    version = VersionField()
    body = TextAreaField(
        _l("What did you learn, and what will you do differently?"),
        optional=True,
        hint=_l("Only you can read this. Nothing about a single patient, please."),
        rows=8,
        counted_length=REFLECTION_MAX_LENGTH,
    )
    submit = SubmitField(_l("Save"))
