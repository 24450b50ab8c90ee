"""The form of saying that an entry is still right; only the button matters."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import SubmitField


class StillRightForm(Form):
    """One button."""

    submit = SubmitField(_l("Still right"))
