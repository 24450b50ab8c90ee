"""Forms of the administrators' area."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import ReportResolution
from matchmaker.services.administration import organisations, people
from matchmaker.services.administration.reports import NOTE_MAX_LENGTH
from matchmaker.web.forms.base import Form, QueryForm
from matchmaker.web.forms.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextAreaField,
    TextField,
)

RESOLUTIONS = {
    ReportResolution.REMOVED: _l("It was taken away"),
    ReportResolution.CORRECTED: _l("It was put right"),
    ReportResolution.SPOKEN_TO: _l("I spoke to the people concerned"),
    ReportResolution.NOTHING_WRONG: _l("There was nothing wrong with it"),
}


class FindPersonForm(QueryForm):
    """Looking for an account."""

    words = TextField(
        _l("Name or e-mail address"), hint=_l("A part of it is enough"), width="two-thirds"
    )
    which = SelectField(
        _l("Who"),
        default=people.Which.EVERYBODY.value,
        choices=[
            SelectChoice(people.Which.EVERYBODY.value, _l("Everybody")),
            SelectChoice(people.Which.ADMINISTRATORS.value, _l("Administrators")),
            SelectChoice(people.Which.LEADS.value, _l("Leads")),
            SelectChoice(people.Which.BOUNCED.value, _l("Whose mail came back")),
        ],
    )
    submit = SubmitField(_l("Find"))


class FindOrganisationForm(QueryForm):
    """Looking for an organisation."""

    words = TextField(
        _l("Name or registration number"), hint=_l("A part of it is enough"), width="two-thirds"
    )
    which = SelectField(
        _l("Which"),
        default=organisations.Which.ALL.value,
        choices=[
            SelectChoice(organisations.Which.ALL.value, _l("All")),
            SelectChoice(organisations.Which.CLAIMED.value, _l("Looked after by somebody")),
            SelectChoice(organisations.Which.UNCLAIMED.value, _l("Looked after by nobody yet")),
        ],
    )
    submit = SubmitField(_l("Find"))


class RolesForm(Form):
    """Who somebody is besides a professional or a member."""

    is_administrator = CheckboxField(_l("Administrator"))
    lead_areas = CheckboxesField(
        _l("Areas they look after"), hint=_l("Untick one to take it away.")
    )
    new_area = TextField(
        _l("Another area for them to look after"),
        optional=True,
        hint=_l("A nation, a region, a health board or a council, like NHS Fife"),
        width="two-thirds",
    )
    submit = SubmitField(_l("Save"))


class ResolveForm(Form):
    """What was done about a report."""

    resolution = RadioField(
        _l("What did you do about it?"),
        [InputRequired(_l("Choose what you did about it"))],
        choices=[SelectChoice(each.value, label) for each, label in RESOLUTIONS.items()],
    )
    note = TextAreaField(
        _l("A note for other administrators"),
        optional=True,
        rows=3,
        counted_length=NOTE_MAX_LENGTH,
    )
    submit = SubmitField(_l("Save"))


class AuditForm(QueryForm):
    """Which part of the audit trail to show."""

    person = TextField(
        _l("Person"),
        hint=_l(
            "Their whole e-mail address, or their number. Shows what they did, and what was done to"
            " them."
        ),
        width="two-thirds",
    )
    action = TextField(
        _l("What happened"),
        hint=_l("Or how it begins, like introduction. or user.made"),
        spellcheck=False,
        width=20,
    )
    subject = TextField(
        _l("What it was about"),
        hint=_l("Like organisation, or organisation 12"),
        spellcheck=False,
        width=20,
    )
    since = DateField(_l("From"))
    until = DateField(_l("To"))
    submit = SubmitField(_l("Show"))
