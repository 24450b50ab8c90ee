"""Forms of a lead: finding a programme, bringing two together, inviting an organisation."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.services.candidates import Which
from matchmaker.services.introductions import PURPOSE_MAX_LENGTH
from matchmaker.web.forms.base import Form, QueryForm
from matchmaker.web.forms.fields import (
    EmailField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextAreaField,
    TextField,
)
from matchmaker.web.forms.suggestions import profession_choices


class FindProgrammeForm(QueryForm):
    """Looking for a programme, by name or because nobody noticed it."""

    words = TextField(
        _l("Name of a programme or an organisation"),
        hint=_l("A part of the name is enough"),
        optional=True,
        width="two-thirds",
    )
    which = SelectField(
        _l("Which"),
        default=Which.EVERYBODY.value,
        choices=[
            SelectChoice(Which.EVERYBODY.value, _l("Every open programme")),
            SelectChoice(
                Which.NEVER_SUGGESTED.value, _l("In my areas, never suggested to anybody")
            ),
            SelectChoice(Which.NEVER_ANSWERED.value, _l("In my areas, asked and got no answer")),
        ],
    )
    submit = SubmitField(_l("Find"))


class FindProfessionalForm(QueryForm):
    """Looking for professionals of the lead's areas."""

    which = SelectField(
        _l("Which"),
        default=Which.EVERYBODY.value,
        choices=[
            SelectChoice(Which.EVERYBODY.value, _l("Everybody who can be found")),
            SelectChoice(Which.NEVER_SUGGESTED.value, _l("Never suggested to anybody")),
            SelectChoice(Which.NEVER_ANSWERED.value, _l("Asked and got no answer")),
        ],
    )
    profession = SelectField(_l("Profession"), default="")
    submit = SubmitField(_l("Show"))

    def __init__(self) -> None:
        super().__init__()
        self.profession.choices = profession_choices(_("Every profession"))


class ProposeBetweenForm(Form):
    """Bringing two together."""

    purpose = TextAreaField(
        _l("What could the two do together?"),
        hint=_l("Both read this before they answer. Nothing about a patient, please."),
        rows=4,
        counted_length=PURPOSE_MAX_LENGTH,
    )
    lead_note = TextAreaField(
        _l("A word from you"),
        optional=True,
        hint=_l("Why you thought of them. Both sides read it."),
        rows=3,
        counted_length=1000,
    )
    submit = SubmitField(_l("Suggest this introduction"))


class InviteForm(Form):
    """Inviting somebody who works for an organisation."""

    email = EmailField(
        _l("Work e-mail of somebody at the organisation"),
        [InputRequired(_l("Enter an e-mail address"))],
        hint=_l(
            "Look it up on the organisation's own website. They get a link that lasts 14 days."
        ),
    )
    submit = SubmitField(_l("Send the invitation"))
