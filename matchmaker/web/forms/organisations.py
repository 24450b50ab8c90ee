"""The form about an organisation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import Email, InputRequired, Length

from matchmaker.models import Organisation, OrganisationKind
from matchmaker.services.organisations import (
    DESCRIPTION_MAX_LENGTH,
    NAME_MAX_LENGTH,
    OrganisationDetails,
)
from matchmaker.services.registrations import Register, split_registration
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    EmailField,
    RadioField,
    SelectChoice,
    SubmitField,
    TextAreaField,
    TextField,
    VersionField,
)

KINDS = {
    OrganisationKind.CHARITY: _l("Charity"),
    OrganisationKind.COMMUNITY_GROUP: _l("Community group or club"),
    OrganisationKind.SOCIAL_ENTERPRISE: _l("Social enterprise"),
    OrganisationKind.FAITH_GROUP: _l("Faith group"),
    OrganisationKind.HOUSING_ASSOCIATION: _l("Housing association"),
    OrganisationKind.PUBLIC_BODY: _l("Public body"),
    OrganisationKind.OTHER: _l("Something else"),
}
REGISTERS = {
    Register.SCOTLAND: _l("Scottish Charity Regulator (OSCR)"),
    Register.ENGLAND_AND_WALES: _l("Charity Commission for England and Wales"),
    Register.NORTHERN_IRELAND: _l("Charity Commission for Northern Ireland"),
    Register.COMPANIES_HOUSE: _l("Companies House"),
}
NOT_REGISTERED = "none"


class OrganisationForm(Form):
    """What an organisation is and how anybody can reach it."""

    name = TextField(
        _l("Name of the organisation"),
        [InputRequired(_l("Enter the name of the organisation")), Length(max=NAME_MAX_LENGTH)],
        autocomplete="organization",
    )
    kind = RadioField(
        _l("What sort of organisation is it?"),
        [InputRequired(_l("Choose what sort of organisation it is"))],
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
    )
    register = RadioField(
        _l("Where is it registered?"),
        [InputRequired(_l("Choose where it is registered"))],
        hint=_l("This lets people check that the organisation is real."),
        choices=[
            *(SelectChoice(register.value, label) for register, label in REGISTERS.items()),
            SelectChoice(NOT_REGISTERED, _l("It is not registered"), render_kw={"divider": True}),
        ],
    )
    registration = TextField(
        _l("Registration number"),
        optional=True,
        hint=_l("Like SC012345 or 1123456. Leave it empty if it is not registered."),
        width=20,
        spellcheck=False,
    )
    description = TextAreaField(
        _l("What does the organisation do?"),
        optional=True,
        hint=_l("Two or three sentences are enough. You describe each programme later."),
        rows=5,
        counted_length=DESCRIPTION_MAX_LENGTH,
    )
    website = TextField(
        _l("Website"),
        [Length(max=300)],
        optional=True,
        autocomplete="url",
        inputmode="url",
        spellcheck=False,
    )
    email = EmailField(
        _l("General e-mail address"),
        [Email(_l("Enter an e-mail address, like hello@example.org")), Length(max=254)],
        optional=True,
        hint=_l("Anybody can see this one."),
        width="two-thirds",
    )
    phone = TextField(
        _l("General phone number"),
        [Length(max=40)],
        optional=True,
        hint=_l("Anybody can see this one."),
        autocomplete="tel",
        inputmode="tel",
        width=20,
    )
    postcode = TextField(
        _l("Postcode of the main office"),
        [Length(max=12)],
        optional=True,
        autocomplete="postal-code",
        width=10,
        spellcheck=False,
    )
    version = VersionField(default="0")
    submit = SubmitField(_l("Save"))

    def details(self) -> OrganisationDetails:
        """The answers, as the service takes them."""
        is_registered = self.register.data != NOT_REGISTERED
        return OrganisationDetails(
            name=self.name.data or "",
            kind=OrganisationKind(self.kind.data),
            register=Register(self.register.data) if is_registered else None,
            registration=(self.registration.data or "") if is_registered else "",
            description=self.description.data or "",
            website=self.website.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            postcode=self.postcode.data or "",
        )


def answers_of(organisation: Organisation) -> dict[str, str | int]:
    """What the form shows of an organisation that is there already."""
    register, number = NOT_REGISTERED, ""
    if organisation.registration is not None:
        register, number = split_registration(organisation.registration)
    return {
        "name": organisation.name,
        "kind": organisation.kind.value,
        "register": register,
        "registration": number,
        "description": organisation.description,
        "website": organisation.website,
        "email": organisation.email,
        "phone": organisation.phone,
        "postcode": organisation.postcode,
        "version": organisation.version,
    }
