"""The forms of having a registration checked, and of writing down what was found."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import CheckState
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import HiddenField, RadioField, SelectChoice, SubmitField


class AskForCheckForm(Form):
    """Asking for the check."""

    submit = SubmitField(_l("Have my registration checked"))


class DecideCheckForm(Form):
    """What the register says; `digest` is that of the details on the page."""

    digest = HiddenField()
    found = RadioField(
        _l("What does the register say?"),
        [InputRequired(_l("Choose what the register says"))],
        choices=[
            SelectChoice(CheckState.FOUND, _l("It has this person, with this name and profession")),
            SelectChoice(
                CheckState.DIFFERS, _l("It has the number, but the name or profession differs")
            ),
            SelectChoice(CheckState.NOT_FOUND, _l("It does not have the number")),
        ],
    )
    submit = SubmitField(_l("Save"))
