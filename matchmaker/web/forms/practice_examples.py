"""The forms of a practice example: writing it, agreeing to it, and reading it for us."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length

from matchmaker.models import Programme, Side, TermField
from matchmaker.services.practice_examples import (
    NOTE_MAX_LENGTH,
    TEXT_MAX_LENGTH,
    TEXTS,
    ExampleDetails,
    terms_to_choose,
)
from matchmaker.services.published_examples import Filters
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.forms.base import Form, QueryForm
from matchmaker.web.forms.fields import (
    CheckboxesField,
    CheckboxField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextAreaField,
    TextField,
    VersionField,
)
from matchmaker.web.forms.introductions import ActForm

NAMED, UNNAMED = "named", "unnamed"
WORDS_MAX_LENGTH = 200


class ExampleForm(ActForm):
    """What was done, what changed, what it took, and what others should know."""

    version = VersionField(default="0")
    title = TextField(
        _l("Title"),
        [InputRequired(_l("Give it a title"))],
        hint=_l("For example: a choir that waits for people after a stroke."),
        spellcheck=True,
    )
    did = TextAreaField(
        _l("What did you do?"),
        hint=_l(
            "What the two of you did together, step by step. Never anything about one patient."
        ),
        rows=6,
        counted_length=TEXT_MAX_LENGTH,
    )
    changed = TextAreaField(
        _l("What changed?"),
        hint=_l(
            "For the people you support, and for each of you. Numbers help; the story of one person"
            " does not belong here."
        ),
        rows=5,
        counted_length=TEXT_MAX_LENGTH,
    )
    took = TextAreaField(
        _l("What did it take?"),
        hint=_l("Time, money, permission, a room, somebody who said yes."),
        rows=4,
        counted_length=TEXT_MAX_LENGTH,
    )
    advice = TextAreaField(
        _l("What would you say to others who want to try?"),
        optional=True,
        rows=4,
        counted_length=TEXT_MAX_LENGTH,
    )
    about = CheckboxesField(
        _l("What is it about?"),
        hint=_l("So that others who look for it find it."),
        optional=True,
        small=True,
    )
    names = RadioField(
        _l("May your side be named?"),
        [InputRequired(_l("Choose whether your side may be named"))],
    )
    submit = SubmitField(_l("Save"))

    def details(self) -> ExampleDetails:
        """What was answered."""
        about = [] if self.about is None else self.about.data or []
        return ExampleDetails(
            title=self.title.data or "",
            **{name: (self[name].data or "").replace("\r\n", "\n") for name in TEXTS},
            terms=tuple(_term(each) for each in about),
            names_own_side=self.names.data == NAMED,
        )


def example_form(
    programme: Programme, side: Side, details: ExampleDetails, *, version: int
) -> ExampleForm:
    """The form of one side, opened on what the example says."""
    form = ExampleForm(
        data={
            "title": details.title,
            **{name: getattr(details, name) for name in TEXTS},
            "about": [_value(*each) for each in details.terms],
            "names": (NAMED if details.names_own_side else UNNAMED) if details.title else None,
            "version": str(version),
        }
    )
    form.names.choices = _name_choices(side)
    choices = [_choice(*each) for each in terms_to_choose(programme)]
    form.about.choices = [each for each in choices if each is not None]
    if not form.about.choices:
        del form.about
    return form


class AgreeForm(ActForm):
    """Agreeing to the words that are on the page; `kept` is only the professional's to say."""

    version = VersionField()
    kept = CheckboxField(
        _l("If I delete my account one day, the example may stay, without my name")
    )
    submit = SubmitField(_l("I agree: this may be published"))

    def for_side(self, side: Side) -> AgreeForm:
        """Ask the organisation nothing besides: its consent does not hang on one person."""
        if side is Side.PROGRAMME:
            del self.kept
        return self


class WithdrawForm(ActForm):
    """Telling it no more."""

    submit = SubmitField(_l("Withdraw the example"), kind="warning")


class PublishForm(Form):
    """Reading an example for us, and finding it good."""

    version = VersionField()
    submit = SubmitField(_l("Publish it"))


class SendBackForm(Form):
    """What should be different."""

    note = TextAreaField(
        _l("What should be different?"),
        [InputRequired(_l("Say in a sentence what should be different"))],
        hint=_l("Both sides get these words by mail, and can go on with the example."),
        rows=4,
        counted_length=NOTE_MAX_LENGTH,
    )
    submit = SubmitField(_l("Send it back"))


class FindExamplesForm(QueryForm):
    """What kind of example somebody looks for."""

    q = TextField(
        _l("What are you looking for?"),
        [Length(max=WORDS_MAX_LENGTH, message=_l("Use %(max)d characters or fewer"))],
        hint=_l(
            "A condition, or what you would like to do. For example: falls, or a walking group"
        ),
        label_size="s",
    )
    condition = SelectField(_l("About"), label_size="s", validate_choice=False)
    approach = SelectField(_l("How people were helped"), label_size="s", validate_choice=False)
    submit = SubmitField(_l("Show examples"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        vocabulary = load_vocabulary()
        for field, groups in (
            (self.condition, vocabulary.condition_groups),
            (self.approach, vocabulary.approach_groups),
        ):
            named = [SelectChoice(code, groups[code].heading) for code in groups]
            field.choices = [SelectChoice("", _l("Anything")), *named]
            if field.data not in groups:
                field.data = ""
        self.validate()

    def filters(self) -> Filters:
        """What was understood."""
        return Filters(
            words=(self.q.data or "")[:WORDS_MAX_LENGTH],
            condition_group=self.condition.data,
            approach_group=self.approach.data,
        )


def _name_choices(side: Side) -> list[SelectChoice]:
    if side is Side.PROFESSIONAL:
        return [
            SelectChoice(NAMED, _("Yes, my name and my employer, as my profile says")),
            SelectChoice(UNNAMED, _("No, only my profession and area")),
        ]
    return [
        SelectChoice(NAMED, _("Yes, the organisation and the programme")),
        SelectChoice(UNNAMED, _("No, only that we are a voluntary organisation")),
    ]


def _choice(field: TermField, code: str) -> SelectChoice | None:
    """A term to tick; None for one that the vocabulary does not know any more."""
    thesaurus = load_vocabulary().thesaurus(field)
    return SelectChoice(_value(field, code), thesaurus[code].heading) if code in thesaurus else None


def _value(field: TermField, code: str) -> str:
    return f"{field}:{code}"


def _term(value: str) -> tuple[TermField, str]:
    field, _colon, code = value.partition(":")
    return TermField(field), code
