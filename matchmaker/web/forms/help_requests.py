"""Asking a lead for help, and answering."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import Organisation, Professional
from matchmaker.services.help_requests import ANSWER_MAX_LENGTH, WORDS_MAX_LENGTH
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    RadioField,
    SelectChoice,
    SubmitField,
    TextAreaField,
    TextField,
)

AskedFor = Professional | Organisation


class AskForHelpForm(Form):
    """What somebody looks for, and where."""

    asked_for = RadioField(
        _l("For whom do you ask?"), [InputRequired(_l("Choose for whom you ask"))]
    )
    words = TextAreaField(
        _l("What are you looking for?"),
        [InputRequired(_l("Say what you are looking for"))],
        hint=_l("In your own words. Leave out your name, and anything about one patient."),
        rows=5,
        counted_length=WORDS_MAX_LENGTH,
    )
    where = TextField(
        _l("Where?"),
        [InputRequired(_l("Say where"))],
        hint=_l("A postcode, town, council or health board."),
        spellcheck=False,
    )
    submit = SubmitField(_l("Ask for help"))

    def offer(self, asked_for: dict[str, AskedFor]) -> None:
        """Ask for whom, unless there is only one answer."""
        if len(asked_for) == 1:
            del self.asked_for
            return
        self.asked_for.choices = [
            SelectChoice(
                key, _("For me, as a professional") if isinstance(each, Professional) else each.name
            )
            for key, each in asked_for.items()
        ]


class AnswerHelpForm(Form):
    """The note that goes to whoever asked."""

    note = TextAreaField(
        _l("Your answer"),
        [InputRequired(_l("Write an answer"))],
        hint=_l("We mail it to them. Name programmes or people to ask, or say what you will do."),
        rows=6,
        counted_length=ANSWER_MAX_LENGTH,
    )
    submit = SubmitField(_l("Send the answer"))
