"""The forms about a programme: what it is, and how many introductions it can take."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import (
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from matchmaker.models import OLDEST_AGE, Delivery, DismissalKind
from matchmaker.services.capacity import MOST_PLACES
from matchmaker.services.dismissals import DismissalReason
from matchmaker.services.edit_decisions import Seen
from matchmaker.services.programme_details import (
    MOST_WORDINGS,
    NAME_MAX_LENGTH,
    TEXT_MAX_LENGTH,
    WEBSITE_MAX_LENGTH,
    ProgrammeDetails,
)
from matchmaker.services.programme_times import MOST_TIMES
from matchmaker.services.programme_venues import MOST_VENUES
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.entries import EntriesField
from matchmaker.web.forms.fields import (
    CheckboxesField,
    EmailField,
    IntegerField,
    RadioField,
    SelectChoice,
    SubmitField,
    TermsField,
    TextAreaField,
    TextField,
    VersionField,
)
from matchmaker.web.forms.venues_and_times import TimeForm, VenueForm, answers_of_time

VENUE_PARTS = ("name", "address", "town", "postcode")
DELIVERIES = {
    Delivery.IN_PERSON: _l("In person"),
    Delivery.ONLINE: _l("Online or by phone"),
    Delivery.BOTH: _l("Both"),
}
DELIVERY_SENTENCES = {
    Delivery.IN_PERSON: _l("In person"),
    Delivery.ONLINE: _l("Online or by phone"),
    Delivery.BOTH: _l("In person, online or by phone"),
}
DISMISSAL_REASONS = {
    DismissalReason.TOO_FAR: _l("They are too far away"),
    DismissalReason.OTHER_PEOPLE: _l("They work with other people than we do"),
    DismissalReason.OTHER_WORK: _l("They do other work than we need"),
    DismissalReason.ALREADY_IN_TOUCH: _l("We are in touch already"),
    DismissalReason.OTHER: _l("Something else"),
}
FREE, COSTS, NOT_SAID = "free", "costs", "not_said"
FREE_OR_NOT = {
    FREE: _l("It is free"),
    COSTS: _l("It costs something"),
    NOT_SAID: _l("I do not want to say"),
}
_IS_FREE = {FREE: True, COSTS: False, NOT_SAID: None}
_AGE = NumberRange(0, OLDEST_AGE, _l("Enter an age from 0 to 120"))
_NO_PLACES_YET = _l("Leave this empty if you do not know yet. 0 means none at the moment.")


class ProgrammeForm(Form):
    """Everything about a programme. A draft may leave anything out."""

    name = TextField(
        _l("Name of the programme"),
        [Length(max=NAME_MAX_LENGTH)],
        hint=_l("Like “Steady on your feet” or “Stroke café”."),
    )
    description = TextAreaField(
        _l("What happens, and who is it for?"),
        hint=_l("Write as you would tell a colleague. We read it to find the right professionals."),
        rows=8,
        counted_length=TEXT_MAX_LENGTH,
    )
    conditions = TermsField(
        _l("Which conditions does it help with?"),
        thesaurus="conditions",
        optional=True,
        most=MOST_WORDINGS,
        hint=_l("Use your own words. Put each one on its own line, like “stroke” or “falls”."),
    )
    approaches = TermsField(
        _l("How does it help?"),
        thesaurus="approaches",
        optional=True,
        most=MOST_WORDINGS,
        hint=_l("Each on its own line, like “peer support”, “exercise class” or “befriending”."),
    )
    min_age = IntegerField(_l("Youngest age"), [_AGE], optional=True, width=3)
    max_age = IntegerField(_l("Oldest age"), [_AGE], optional=True, width=3)
    delivery = RadioField(
        _l("How do people take part?"),
        [InputRequired(_l("Choose how people take part"))],
        choices=[SelectChoice(each.value, label) for each, label in DELIVERIES.items()],
        default=Delivery.IN_PERSON.value,
    )
    areas = TextAreaField(
        _l("Which places does it serve?"),
        [Length(max=4000)],
        hint=_l(
            "A council area, a health board, a nation or a postcode. Put each one on its own line,"
            " like “Fife” or “NHS Tayside”."
        ),
        rows=4,
        spellcheck=False,
    )
    locations = EntriesField(VenueForm, _l("Places people come to"), most=MOST_VENUES)
    schedules = EntriesField(TimeForm, _l("When it takes place"), most=MOST_TIMES)
    is_free = RadioField(
        _l("Does it cost anything to take part?"),
        choices=[SelectChoice(value, label) for value, label in FREE_OR_NOT.items()],
        default=NOT_SAID,
    )
    cost = TextField(
        _l("What does it cost?"),
        [Length(max=500)],
        optional=True,
        hint=_l("Like “£3 a session”, or “tea and cake by donation”."),
    )
    funded_by = TextField(
        _l("Who pays for the programme?"),
        [Length(max=500)],
        optional=True,
        hint=_l("Like “National Lottery until March 2027”."),
    )
    professions = CheckboxesField(
        _l("Which professionals would you like to meet?"),
        optional=True,
        hint=_l("Leave all boxes empty if any would be welcome."),
        small=True,
    )
    seeks_text = TextAreaField(
        _l("What would you like from them?"),
        optional=True,
        hint=_l("Like telling people about your group, or training your volunteers."),
        rows=4,
        counted_length=TEXT_MAX_LENGTH,
    )
    website = TextField(
        _l("Website"),
        [Length(max=WEBSITE_MAX_LENGTH)],
        optional=True,
        hint=_l("The page about this programme, if it has one."),
        inputmode="url",
        spellcheck=False,
    )
    public_email = EmailField(
        _l("E-mail address for anybody"),
        [Email(_l("Enter an e-mail address, like hello@example.org")), Length(max=254)],
        optional=True,
        autocomplete=None,
        width="two-thirds",
    )
    public_phone = TextField(
        _l("Phone number for anybody"),
        [Length(max=40)],
        optional=True,
        inputmode="tel",
        width=20,
    )
    contact_name = TextField(
        _l("Who can professionals speak to?"),
        [Length(max=NAME_MAX_LENGTH)],
        optional=True,
        hint=_l("Only professionals you are introduced to can see this person."),
        autocomplete="name",
        spellcheck=False,
    )
    contact_email = EmailField(
        _l("Their e-mail address"),
        [Email(_l("Enter an e-mail address, like name@example.org")), Length(max=254)],
        optional=True,
        width="two-thirds",
    )
    contact_phone = TextField(
        _l("Their phone number"),
        [Length(max=40)],
        optional=True,
        autocomplete="tel",
        inputmode="tel",
        width=20,
    )
    places_per_month = IntegerField(
        _l("How many new introductions can you take in a month?"),
        [NumberRange(0, MOST_PLACES, _l("Enter a whole number from 0 to 1,000"))],
        optional=True,
        hint=_NO_PLACES_YET,
        width=4,
    )
    version = VersionField(default="0")
    # A change of a published programme that is gone on with; 0 where one is begun.
    change = VersionField(default="0")
    change_version = VersionField(default="0")
    save_and_preview = SubmitField(_l("Save and look at the page"))
    save = SubmitField(_l("Save and finish later"), kind="secondary")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.professions.choices = [
            SelectChoice(code, term.heading)
            for code, term in load_vocabulary().professions.terms.items()
        ]

    def name_buttons_for_change(self, *, is_published_at_once: bool) -> None:
        """Say on the button what becomes of a change of a published programme."""
        self.save_and_preview.label.text = (
            _("Publish the change") if is_published_at_once else _("Send the change to an owner")
        )

    def seen(self) -> Seen:
        """What the form was opened on."""
        version, change = self.version.number, self.change.number
        return Seen(version, change, self.change_version.number) if change > 0 else Seen(version)

    def set_seen(self, seen: Seen) -> None:
        """Let the form be about something else, whatever was sent."""
        self.version.data = str(seen.version)
        self.change.data = str(seen.edit_id or 0)
        self.change_version.data = str(seen.edit_version or 0)

    def act_on_entries(self) -> bool:
        """Add or take away a place or a time, if that is the button that was pressed."""
        return any(field.act(request.form) for field in (self.locations, self.schedules))

    def details(self) -> ProgrammeDetails:
        """The answers, as the service takes them."""
        return ProgrammeDetails(
            name=self.name.data or "",
            description=self.description.data or "",
            conditions=tuple(self.conditions.data),
            approaches=tuple(self.approaches.data),
            areas=tuple((self.areas.data or "").splitlines()),
            min_age=self.min_age.data,
            max_age=self.max_age.data,
            delivery=Delivery(self.delivery.data),
            locations=tuple(entry.form.details() for entry in self.locations),
            schedules=tuple(
                entry.form.details() for entry in self.schedules if not entry.form.is_empty
            ),
            is_free=_IS_FREE[self.is_free.data or NOT_SAID],
            cost=self.cost.data or "",
            funded_by=self.funded_by.data or "",
            professions=tuple(self.professions.data or ()),
            seeks_text=self.seeks_text.data or "",
            website=self.website.data or "",
            public_email=self.public_email.data or "",
            public_phone=self.public_phone.data or "",
            contact_name=self.contact_name.data or "",
            contact_email=self.contact_email.data or "",
            contact_phone=self.contact_phone.data or "",
            places_per_month=self.places_per_month.data,
        )


def answers_of(details: ProgrammeDetails, *, version: int) -> dict[str, Any]:
    """What the form shows of what was written before."""
    areas = load_vocabulary().areas
    plain = (
        *("name", "description", "min_age", "max_age", "cost", "funded_by", "seeks_text"),
        *("website", "public_email", "public_phone", "conditions", "approaches"),
        *("contact_name", "contact_email", "contact_phone", "places_per_month"),
    )
    free = {said: answer for answer, said in _IS_FREE.items()}
    return {
        **{name: getattr(details, name) for name in plain},
        "version": version,
        "delivery": details.delivery.value,
        "areas": "\n".join(areas.label(code) for code in details.areas),
        "locations": [
            dict(zip(VENUE_PARTS, each.words, strict=True)) for each in details.locations
        ],
        "schedules": [answers_of_time(each) for each in details.schedules],
        "is_free": free[details.is_free],
        "professions": list(details.professions),
    }


class PlacesForm(Form):
    """How many introductions a programme can take in a month, on a page of its own."""

    # The hint says that it may be left empty; "(optional)" would be odd in the page's heading.
    places_per_month = IntegerField(
        _l("How many new introductions can you take in a month?"),
        [Optional(), NumberRange(0, MOST_PLACES, _l("Enter a whole number from 0 to 1,000"))],
        heading=True,
        hint=_NO_PLACES_YET,
        width=4,
    )
    submit = SubmitField(_l("Save"))


class PutAsideForm(Form):
    """Why somebody should not be suggested."""

    kind = RadioField(
        _l("What shall we do?"),
        [InputRequired(_l("Choose what we shall do"))],
        choices=[
            SelectChoice(DismissalKind.NOT_NOW.value, _l("Not now: do not suggest for 90 days")),
            SelectChoice(DismissalKind.NOT_FOR_US.value, _l("Not for us: do not suggest again")),
        ],
    )
    reason = RadioField(
        _l("If it is not for you, why?"),
        hint=_l("Nobody else sees this. It helps us suggest better."),
        choices=[SelectChoice(reason.value, label) for reason, label in DISMISSAL_REASONS.items()],
    )
    submit = SubmitField(_l("Save"))

    def validate_reason(self, field: RadioField) -> None:
        """Ask for a reason only where it is for good.

        Raises:
            ValidationError: There is none.
        """
        if self.kind.data == DismissalKind.NOT_FOR_US and not field.data:
            raise ValidationError(_("Choose the reason that comes closest"))


class ActionForm(Form):
    """A page that asks whether to go on; only the button matters."""

    submit = SubmitField(_l("Close the programme"), kind="warning")
