"""The questions somebody answers before they have an account, and why a suggestion is declined."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.services.answers import TEXT_MAX_LENGTH
from matchmaker.services.dismissals import DismissalReason
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.forms.base import Form, QueryForm
from matchmaker.web.forms.fields import (
    CheckboxesField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TermsField,
    TextAreaField,
    TextField,
)

# What voluntary organisations offer most, from the vocabulary; anything else can be typed as text.
COMMON_APPROACHES = (
    "peer-support",
    "physical-activity",
    "self-management",
    "befriending",
    "arts",
    "advice-and-information",
    "family-support",
)
DISMISSAL_REASONS = {
    DismissalReason.TOO_FAR: _l("It is too far away"),
    DismissalReason.OTHER_PEOPLE: _l("It is for other people than I work with"),
    DismissalReason.OTHER_WORK: _l("It is not the kind of support I look for"),
    DismissalReason.ALREADY_IN_TOUCH: _l("We are in touch already"),
    DismissalReason.OTHER: _l("Something else"),
}


def profession_choices(nothing: str) -> list[SelectChoice]:
    """The professions by name, with `nothing` first for those who skip the question."""
    terms = load_vocabulary().professions.terms.values()
    named = sorted((term.heading, term.code) for term in terms)
    return [
        SelectChoice("", nothing),
        *(SelectChoice(code, heading) for heading, code in named),
    ]


def approach_choices(also: list[str]) -> list[SelectChoice]:
    """The common approaches, and those of `also` that the vocabulary knows."""
    thesaurus = load_vocabulary().approaches
    codes = dict.fromkeys((*COMMON_APPROACHES, *also))
    return [SelectChoice(code, thesaurus[code].heading) for code in codes if code in thesaurus]


class StartForm(QueryForm):
    """Who, where and with whom; every question can be skipped."""

    profession = SelectField(
        _l("What do you do?"),
        hint=_l("Some organisations look for a certain profession."),
        label_size="m",
    )
    where = TextField(
        _l("Where do you work?"),
        hint=_l(
            "A postcode, town, council or health board, like KY12 or NHS Fife. We keep only the"
            " first half of a postcode. You can write “I do not know”."
        ),
        label_size="m",
        width=20,
        spellcheck=False,
    )
    conditions = TermsField(
        _l("Who do you want help for?"),
        hint=_l(
            "A condition or a need, like COPD, falls or loneliness. One on each line."
            " Never write about one patient."
        ),
        label_size="m",
        rows=3,
    )
    approaches = CheckboxesField(
        _l("What kind of support?"),
        hint=_l("Choose any that would help."),
        label_size="m",
        small=True,
    )
    text = TextAreaField(
        _l("Anything else?"),
        optional=True,
        hint=_l(
            "In your own words, like “a walking group for people who get out of breath”."
            " No names and nothing about one patient."
        ),
        label_size="m",
        rows=2,
        counted_length=TEXT_MAX_LENGTH,
    )
    submit = SubmitField(_l("See who could help"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.profession.choices = profession_choices(_("Choose, or skip this question"))
        self.approaches.choices = approach_choices(self.approaches.data or [])


class NotForUsForm(Form):
    """Why a suggestion is not for somebody."""

    reason = RadioField(
        _l("Why is it not for you?"),
        [InputRequired(_l("Choose why it is not for you"))],
        hint=_l("The organisation is not told. Your answer helps to make better suggestions."),
        choices=[SelectChoice(each.value, label) for each, label in DISMISSAL_REASONS.items()],
    )
    submit = SubmitField(_l("Do not suggest it again"))
