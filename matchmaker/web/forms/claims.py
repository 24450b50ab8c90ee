"""The forms of asking to look after an organisation, and of deciding about it."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length

from matchmaker.services.claims import EVIDENCE_MAX_LENGTH, JOB_MAX_LENGTH, NOTE_MAX_LENGTH
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    RadioField,
    SelectChoice,
    SubmitField,
    TextAreaField,
    TextField,
)

ACCEPT, REFUSE = "accept", "refuse"


class ClaimForm(Form):
    """Asking; somebody at the organisation's own domain has nothing to answer."""

    job = TextField(
        _l("What do you do there?"),
        [Length(max=JOB_MAX_LENGTH)],
        hint=_l("For example: volunteer co-ordinator"),
    )
    evidence = TextAreaField(
        _l("How can we check it?"),
        hint=_l(
            "For example: a page that names you, a phone number of the office, or an e-mail"
            " address there that we can write to."
        ),
        rows=4,
        counted_length=EVIDENCE_MAX_LENGTH,
    )
    submit = SubmitField(_l("Ask to look after this page"))

    def leave_out_words(self) -> None:
        """Ask nothing: their address says it."""
        del self.job
        del self.evidence

    def open_at_once(self) -> None:
        """Say on the button that nobody has to be asked."""
        self.submit.label.text = _("Look after this page")


class ReviewForm(Form):
    """Yes or no, and a note that goes to whoever asked."""

    decision = RadioField(
        _l("Do they work for this organisation?"),
        [InputRequired(_l("Choose yes or no"))],
        choices=[
            SelectChoice(ACCEPT, _l("Yes, let them look after its pages")),
            SelectChoice(REFUSE, _l("No, or it cannot be checked")),
        ],
    )
    note = TextAreaField(
        _l("A note to them"),
        hint=_l("We mail it to them. If you say no, say why, so that they know what to do now."),
        rows=4,
        counted_length=NOTE_MAX_LENGTH,
    )
    submit = SubmitField(_l("Save"))
