"""The forms about lists of programmes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from matchmaker.services.saved_lists import LONGEST_NAME
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import SubmitField, TextField

HINT = _l("Say what it is about, such as “Lung groups in Fife”. Never write the name of a person.")
NOT_TOO_LONG = Length(max=LONGEST_NAME, message=_l("Use %(max)d characters or fewer"))


class ListNameForm(Form):
    """What a list is called; nothing brings back what we call it ourselves."""

    name = TextField(
        _l("Name of the list"),
        [NOT_TOO_LONG],
        heading=True,
        hint=HINT,
        autocomplete="off",
    )
    submit = SubmitField(_l("Save"))


class NewListForm(Form):
    """A new list."""

    name = TextField(
        _l("Name of the new list"),
        [DataRequired(_l("Enter a name")), NOT_TOO_LONG],
        hint=HINT,
        autocomplete="off",
    )
    submit = SubmitField(_l("Begin the list"), kind="secondary")


class DeleteListForm(Form):
    """Yes, really."""

    submit = SubmitField(_l("Delete the list"), kind="warning")
