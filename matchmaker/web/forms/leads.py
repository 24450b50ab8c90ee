"""Forms of a lead: finding a programme, bringing two together, inviting an organisation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.services.introductions import PURPOSE_MAX_LENGTH
from matchmaker.web.forms.base import Form, QueryForm
from matchmaker.web.forms.fields import EmailField, SubmitField, TextAreaField, TextField


class FindProgrammeForm(QueryForm):
    """Looking for a programme by name."""

    words = TextField(
        _l("Name of a programme or an organisation"),
        hint=_l("A part of the name is enough"),
        width="two-thirds",
    )
    submit = SubmitField(_l("Find"))


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
