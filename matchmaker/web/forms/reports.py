"""Telling what is wrong with a page or a message."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import ReportReason
from matchmaker.services.reports import NOTE_MAX_LENGTH
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    HiddenField,
    RadioField,
    SelectChoice,
    SubmitField,
    TextAreaField,
)

REASONS = {
    ReportReason.PATIENT_DETAILS: _l("It says something about a patient"),
    ReportReason.WRONG: _l("It is wrong or out of date"),
    ReportReason.UNKIND: _l("It is unkind"),
    ReportReason.UNSAFE: _l("It could do somebody harm"),
    ReportReason.ADVERTISING: _l("It is advertising"),
    ReportReason.OTHER: _l("Something else, or something does not work"),
}


class ReportForm(Form):
    """What is wrong; `page` is where it was seen."""

    page = HiddenField()
    reason = RadioField(
        _l("What is wrong?"),
        [InputRequired(_l("Choose what is wrong"))],
        choices=[SelectChoice(reason.value, label) for reason, label in REASONS.items()],
    )
    note = TextAreaField(
        _l("What should we know?"),
        optional=True,
        hint=_l(
            "Say where on the page it is. Do not write again what it says about a patient: we find"
            " it without that."
        ),
        rows=4,
        counted_length=NOTE_MAX_LENGTH,
    )
    submit = SubmitField(_l("Send the report"))
