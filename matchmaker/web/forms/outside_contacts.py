"""Writing down a contact made elsewhere; three answers, of which two are there already."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length

from matchmaker.models import Organisation, OutsideContact, Professional
from matchmaker.services.outside_contacts import (
    MET_MAX_LENGTH,
    PURPOSE_MAX_LENGTH,
    ContactDetails,
)
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    DateField,
    RadioField,
    SelectChoice,
    SubmitField,
    TextAreaField,
    TextField,
    VersionField,
)

Owner = Professional | Organisation


class ContactForm(Form):
    """Who, when and what for."""

    met = TextField(
        _l("Who did you meet?"),
        [InputRequired(_l("Say who you met")), Length(max=MET_MAX_LENGTH)],
        hint=_l("An organisation, a group or somebody's job is enough. Never a patient."),
        spellcheck=False,
    )
    met_on = DateField(_l("When?"), [InputRequired(_l("Say when you met"))])
    purpose = TextAreaField(
        _l("What for?"), optional=True, rows=2, counted_length=PURPOSE_MAX_LENGTH
    )
    version = VersionField()
    submit = SubmitField(_l("Save"))

    def details(self, *, today: date) -> ContactDetails:
        """What was answered, once the form has been validated."""
        return ContactDetails(
            met=self.met.data or "",
            met_on=self.met_on.data or today,
            purpose=self.purpose.data or "",
        )


class NewContactForm(ContactForm):
    """The same, and whose contact it is: asked of those only who could mean several."""

    owner = RadioField(
        _l("Whose contact is it?"),
        [InputRequired(_l("Choose whose contact it is"))],
    )

    def offer_owners(self, owners: dict[str, Owner]) -> None:
        """Ask whose contact it is, unless there is only one answer."""
        if len(owners) == 1:
            del self.owner
            return
        self.owner.choices = [
            SelectChoice(
                key,
                _("My own, as a professional") if isinstance(owner, Professional) else owner.name,
            )
            for key, owner in owners.items()
        ]


def answers_of(contact: OutsideContact) -> dict[str, object]:
    """What the form shows of a contact that was written down."""
    return {
        "met": contact.met,
        "met_on": contact.met_on,
        "purpose": contact.purpose,
        "version": contact.version,
    }
