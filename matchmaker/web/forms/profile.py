"""One form for each task of a professional's profile.

A form is filled from a row by `answers_of`, and turns what was typed into a change by `change`.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import Delivery, Professional, Setting, TermField
from matchmaker.services import places, professionals
from matchmaker.services.answers import understand_terms
from matchmaker.services.errors import FieldError
from matchmaker.services.professionals import TEXT_MAX_LENGTH, Task
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TermsField,
    TextAreaField,
    TextField,
    VersionField,
)
from matchmaker.web.forms.suggestions import profession_choices

SETTINGS = {
    Setting.ACUTE: _l("A hospital"),
    Setting.COMMUNITY: _l("The community"),
    Setting.PRIMARY_CARE: _l("A GP practice or health centre"),
    Setting.MENTAL_HEALTH: _l("Mental health services"),
    Setting.SCHOOL: _l("Schools or nurseries"),
    Setting.SOCIAL_CARE: _l("Social care"),
    Setting.INDEPENDENT: _l("On my own account, or a private clinic"),
    Setting.OTHER: _l("Somewhere else"),
}
DELIVERIES = {
    Delivery.BOTH: _l("Both"),
    Delivery.IN_PERSON: _l("In person"),
    Delivery.ONLINE: _l("Online or by phone"),
}
WILLINGNESS = {
    "is_willing_to_signpost": _l("Tell people about a programme"),
    "is_willing_to_refer": _l("Refer people to a programme"),
    "is_willing_to_advise": _l("Give advice or training to staff and volunteers"),
    "is_willing_to_run_together": _l("Plan or run something together"),
}


class TaskForm(Form):
    """What every task's form has: the version it was opened on, and the button."""

    version = VersionField()
    submit = SubmitField(_l("Save"))

    @staticmethod
    @abstractmethod
    def answers_of(professional: Professional) -> dict[str, Any]:
        """The present answers, by field."""

    @abstractmethod
    def change(self) -> professionals.Change:
        """What was typed, as a change of the profile.

        Raises:
            FieldError: An answer is not understood and cannot be kept as it is.
        """


class WorkForm(TaskForm):
    """What somebody does, and for whom."""

    profession = SelectField(
        _l("Your profession"), hint=_l("Some organisations look for a certain profession.")
    )
    setting = SelectField(_l("Where you see people"), optional=True)
    employer = TextField(
        _l("Who you work for"),
        optional=True,
        hint=_l("Shown only after you and an organisation have both said yes."),
    )
    offers_text = TextAreaField(
        _l("What you can offer an organisation"),
        optional=True,
        hint=_l(
            "Such as “I can train volunteers to spot falls risks”. We use these words to find"
            " organisations. Do not write about patients."
        ),
        rows=4,
        counted_length=TEXT_MAX_LENGTH,
    )
    hcpc_number = TextField(
        _l("HCPC registration number"),
        optional=True,
        hint=_l(
            "We check it by hand. Organisations see only that it was checked, never the number."
        ),
        width=10,
        spellcheck=False,
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.profession.choices = profession_choices(_("I do not want to say"))
        self.setting.choices = [
            SelectChoice("", _("I do not want to say")),
            *(SelectChoice(each.value, label) for each, label in SETTINGS.items()),
        ]

    @staticmethod
    def answers_of(professional: Professional) -> dict[str, Any]:
        """The present answers, by field."""
        return {
            "profession": professional.profession or "",
            "setting": professional.setting or "",
            "employer": professional.employer,
            "offers_text": professional.offers_text,
            "hcpc_number": professional.hcpc_number,
        }

    def change(self) -> professionals.Change:
        """What was typed, as a change of the profile."""
        return professionals.Work(
            profession=self.profession.data or None,
            setting=Setting(self.setting.data) if self.setting.data else None,
            employer=self.employer.data or "",
            offers_text=self.offers_text.data or "",
            hcpc_number=self.hcpc_number.data or "",
        )


class PlacesForm(TaskForm):
    """Where somebody works."""

    where = TextAreaField(
        _l("Postcode areas, councils or health boards"),
        optional=True,
        hint=_l(
            "One on each line, like KY12 or NHS Fife. We keep only the first half of a postcode."
            " We use it to find programmes near you."
        ),
        rows=4,
        spellcheck=False,
    )

    @staticmethod
    def answers_of(professional: Professional) -> dict[str, Any]:
        """The present answers, by field."""
        known = [
            places.place_from_row(area.area_code, area.district).wording
            for area in professional.areas
        ]
        return {"where": "\n".join(known)}

    def change(self) -> professionals.Change:
        """What was typed, as a change of the profile; an unknown place is asked about."""
        found = []
        for line in filter(None, map(str.strip, (self.where.data or "").splitlines())):
            place = places.find_place(line)
            if place is None:
                raise FieldError("where", _unknown_place(line))
            found.append(place)
        return professionals.Places(found)


class PeopleForm(TaskForm):
    """With whom somebody works."""

    conditions = TermsField(
        _l("Conditions or needs of the people you work with"),
        optional=True,
        hint=_l(
            "One on each line, like stroke, falls or loneliness. Write what you see often, not what"
            " one patient has."
        ),
    )
    min_age = IntegerField(_l("Youngest age you work with"), optional=True, width=3)
    max_age = IntegerField(
        _l("Oldest age you work with"),
        optional=True,
        hint=_l("Leave the ages empty if you work with people of all ages."),
        width=3,
    )

    @staticmethod
    def answers_of(professional: Professional) -> dict[str, Any]:
        """The present answers, by field."""
        return {
            "conditions": _wordings(professional, TermField.CONDITION),
            "min_age": professional.min_age,
            "max_age": professional.max_age,
        }

    def change(self) -> professionals.Change:
        """What was typed, as a change of the profile."""
        return professionals.People(
            conditions=understand_terms(TermField.CONDITION, self.conditions.data or ()),
            min_age=self.min_age.data,
            max_age=self.max_age.data,
        )


class ApproachesForm(TaskForm):
    """How somebody likes to work."""

    approaches = TermsField(
        _l("Kinds of support you believe in"),
        thesaurus="approaches",
        optional=True,
        hint=_l("One on each line, like peer support, walking groups or befriending."),
    )
    delivery = RadioField(
        _l("How you can meet an organisation"),
        [InputRequired(_l("Choose how you can meet"))],
        hint=_l("If you choose online, we also suggest programmes that are far away."),
        choices=[SelectChoice(each.value, label) for each, label in DELIVERIES.items()],
    )

    @staticmethod
    def answers_of(professional: Professional) -> dict[str, Any]:
        """The present answers, by field."""
        return {
            "approaches": _wordings(professional, TermField.APPROACH),
            "delivery": professional.delivery.value,
        }

    def change(self) -> professionals.Change:
        """What was typed, as a change of the profile."""
        return professionals.Approaches(
            approaches=understand_terms(TermField.APPROACH, self.approaches.data or ()),
            delivery=Delivery(self.delivery.data),
        )


class SeekingForm(TaskForm):
    """What somebody is looking for."""

    seeks_text = TextAreaField(
        _l("What are you looking for?"),
        optional=True,
        hint=_l(
            "Such as “a walking group for people who get out of breath”. We compare these words"
            " with what programmes write. Do not write about patients."
        ),
        rows=5,
        counted_length=TEXT_MAX_LENGTH,
    )

    @staticmethod
    def answers_of(professional: Professional) -> dict[str, Any]:
        """The present answers, by field."""
        return {"seeks_text": professional.seeks_text}

    def change(self) -> professionals.Change:
        """What was typed, as a change of the profile."""
        return professionals.Seeking(self.seeks_text.data or "")


class EngagementForm(TaskForm):
    """How far somebody wants to go."""

    willing = CheckboxesField(
        _l("What would you be willing to do?"),
        hint=_l("Choose any. It tells an organisation what to expect; you promise nothing."),
        choices=[SelectChoice(name, label) for name, label in WILLINGNESS.items()],
    )

    @staticmethod
    def answers_of(professional: Professional) -> dict[str, Any]:
        """The present answers, by field."""
        return {"willing": [name for name in WILLINGNESS if getattr(professional, name)]}

    def change(self) -> professionals.Change:
        """What was typed, as a change of the profile."""
        ticked = set(self.willing.data or ())
        return professionals.Engagement(**{name: name in ticked for name in WILLINGNESS})


class VisibilityForm(TaskForm):
    """Whether organisations may find somebody, and whether they have time now."""

    is_findable = CheckboxField(
        _l("Organisations may find me"),
        hint=_l(
            "Those who look for somebody like you see your profession, your health board, and the"
            " conditions and approaches you share with them. They do not see your name, your"
            " employer or your e-mail address until you have both said yes."
        ),
    )
    is_available = RadioField(
        _l("Do you have time for new introductions?"),
        [InputRequired(_l("Choose whether you have time"))],
        hint=_l(
            "If not, nobody can ask you for a new one, and you are not suggested. Introductions"
            " that both of you have said yes to go on."
        ),
        choices=[
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("Not at the moment")),
        ],
    )
    available_again_on = DateField(
        _l("When will you have time again?"),
        optional=True,
        hint=_l(
            "Only if you have no time now. If it is within 60 days, requests that are still open"
            " wait for you until then. Without a day, or with a later one, they are closed. Either"
            " way we tell the others kindly."
        ),
    )

    @staticmethod
    def answers_of(professional: Professional) -> dict[str, Any]:
        """The present answers, by field."""
        return {
            "is_findable": professional.is_findable,
            "is_available": "yes" if professional.is_available else "no",
            "available_again_on": professional.available_again_on,
        }

    def change(self) -> professionals.Change:
        """What was typed, as a change of the profile."""
        return professionals.Visibility(
            is_findable=bool(self.is_findable.data),
            is_available=self.is_available.data == "yes",
            available_again_on=self.available_again_on.data,
        )


class StartProfileForm(Form):
    """The button that begins a profile."""

    submit = SubmitField(_l("Start my profile"))


FORMS: dict[Task, type[TaskForm]] = {
    Task.WORK: WorkForm,
    Task.PLACES: PlacesForm,
    Task.PEOPLE: PeopleForm,
    Task.APPROACHES: ApproachesForm,
    Task.SEEKING: SeekingForm,
    Task.ENGAGEMENT: EngagementForm,
    Task.VISIBILITY: VisibilityForm,
}


def _wordings(professional: Professional, field: TermField) -> list[str]:
    return [term.wording for term in professionals.offered_terms(professional, field)]


def _unknown_place(wording: str) -> str:
    near = places.similar_places(wording)
    if near:
        return _(
            "We do not know a place called “%(wording)s”. Did you mean %(names)s?",
            wording=wording,
            names=_(" or ").join(near),
        )
    return _(
        "We do not know a place called “%(wording)s”. Try your council or health board.",
        wording=wording,
    )
