"""Forms of surveys: writing one, opening it, and a page of it as somebody answers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import InputRequired

from matchmaker.models import (
    QuestionKind,
    SurveyAnswer,
    SurveyQuestion,
    SurveySection,
    SurveyWave,
)
from matchmaker.services.surveys.answering import TEXT_MAX_LENGTH, Given, field_of
from matchmaker.services.surveys.baseline import Asked
from matchmaker.services.surveys.choices import KINDS, SECTIONS, UNKNOWN, choices_of, label_of
from matchmaker.services.surveys.themes import NAME_MAX_LENGTH
from matchmaker.services.surveys.waves import INTRODUCTION_MAX_LENGTH, WaveDetails
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.forms.base import Form
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
    VersionField,
)

BUILT_IN = ""


class WaveForm(Form):
    """What a survey is called, what it says at the top, and whom it asks."""

    version = VersionField()
    title = TextField(
        _l("Title"),
        [InputRequired(_l("Enter a title"))],
        hint=_l("People read it in the mail, so say what it is about."),
    )
    introduction = TextAreaField(
        _l("What should people know before they begin?"),
        optional=True,
        hint=_l(
            "Why you ask, and what will be done with the answers. We tell them that nobody sees who"
            " said what, and that nothing about patients is asked."
        ),
        rows=5,
        counted_length=INTRODUCTION_MAX_LENGTH,
    )
    area_code = SelectField(
        _l("Whom does it ask?"),
        hint=_l(
            "Everybody with an account who works in this area, or belongs to an organisation that"
            " is there or has a programme there."
        ),
    )
    submit = SubmitField(_l("Save"))

    def __init__(self, area_codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        areas = load_vocabulary().areas
        self.area_code.choices = [SelectChoice(code, areas.label(code)) for code in area_codes]

    @property
    def details(self) -> WaveDetails:
        """What was said."""
        return WaveDetails(
            self.title.data or "", self.introduction.data or "", self.area_code.data or ""
        )


class NewWaveForm(WaveForm):
    """The same, and where the questions come from."""

    earlier = RadioField(_l("Which questions?"), default=BUILT_IN)
    submit = SubmitField(_l("Continue"))

    def __init__(
        self, area_codes: Iterable[str], earlier: Sequence[SurveyWave], **kwargs: Any
    ) -> None:
        super().__init__(area_codes, **kwargs)
        self._earlier = {str(each.id): each for each in earlier}
        hint = _l("So that what the same people say can be compared")
        self.earlier.choices = [
            SelectChoice(BUILT_IN, _l("Our built-in questions")),
            *(SelectChoice(key, each.title, {"hint": hint}) for key, each in self._earlier.items()),
        ]

    @property
    def chosen_wave(self) -> SurveyWave | None:
        """The earlier survey whose questions are taken over; None for the built-in ones."""
        return self._earlier.get(self.earlier.data or "")


class QuestionForm(Form):
    """One question."""

    version = VersionField()
    wording = TextAreaField(
        _l("Question"),
        [InputRequired(_l("Enter a question"))],
        hint=_l("Never ask about a patient."),
        rows=2,
        counted_length=200,
    )
    section = SelectField(
        _l("On which page?"),
        choices=[SelectChoice(each.value, SECTIONS[each]) for each in SurveySection],
    )
    kind = RadioField(
        _l("How is it answered?"),
        [InputRequired(_l("Choose how it is answered"))],
        hint=_l("“I do not know” can always be chosen, and every question can be left out."),
        choices=[SelectChoice(each.value, KINDS[each]) for each in QuestionKind],
    )
    low_label = TextField(
        _l("What 1 means"), optional=True, hint=_l("For example: Not at all"), width=20
    )
    high_label = TextField(
        _l("What 5 means"), optional=True, hint=_l("For example: Very well"), width=20
    )
    submit = SubmitField(_l("Save the question"))

    @property
    def asked(self) -> Asked:
        """What was said; the key is the service's to give."""
        return Asked(
            "",
            SurveySection(self.section.data),
            QuestionKind(self.kind.data),
            self.wording.data or "",
            self.low_label.data or "",
            self.high_label.data or "",
        )


class OpenForm(Form):
    """Until when a survey is open."""

    version = VersionField()
    closes_on = DateField(
        _l("Which is the last day to answer?"),
        optional=True,
        hint=_l("For example, 27 3 2027. Without one it is open until you close it."),
    )
    submit = SubmitField(_l("Open the survey and send the invitations"))


class ThemeForm(Form):
    """The name of a theme, and the quotes shown with it."""

    version = VersionField()
    name = TextField(
        _l("Name of the theme"),
        [InputRequired(_l("Enter a name"))],
        hint=_l("Use %(longest)s characters or fewer.", longest=NAME_MAX_LENGTH),
        width="two-thirds",
    )
    quotes = CheckboxesField(
        _l("Which of these should be shown with it?"),
        hint=_l(
            "Their writers agreed to be quoted, and can take that back at any time. Leave out what"
            " tells who somebody is, or is about a patient."
        ),
    )
    submit = SubmitField(_l("Save"))

    def __init__(self, quotable: Sequence[SurveyAnswer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.quotes.choices = [SelectChoice(each.id, each.text) for each in quotable]


class SendForm(Form):
    """Sending what was answered."""

    submit = SubmitField(_l("Send my answers"))


class PageForm(Form):
    """A page of a survey, made from its questions by `page_form`; none has to be answered."""

    submit = SubmitField(_l("Save and continue"))

    def given(self, questions: Iterable[SurveyQuestion]) -> dict[int, Given]:
        """What was said to each question."""
        return {each.id: self._given(each) for each in questions}

    def typed(self, questions: Iterable[SurveyQuestion]) -> list[tuple[str, str]]:
        """Each question that was answered, and the answer, for somebody to copy."""
        given = [(each, self._given(each)) for each in questions]
        return [
            (each.wording, said.text or label_of(each, said.choice))
            for each, said in given
            if said.text or said.choice in choices_of(each.kind)
        ]

    def pairs(self, questions: Iterable[SurveyQuestion]) -> list[tuple[Field, Field | None]]:
        """The box of each question, and the one that allows to quote it, if there is one."""
        return [(self[field_of(each.id)], self._fields.get(_quote_of(each))) for each in questions]

    def _given(self, question: SurveyQuestion) -> Given:
        said = self[field_of(question.id)].data or ""
        if question.kind is not QuestionKind.TEXT:
            return Given(choice=said)
        return Given(text=said, may_quote=bool(self[_quote_of(question)].data))


def page_form(questions: Iterable[SurveyQuestion], answers: Mapping[int, SurveyAnswer]) -> PageForm:
    """The form of one page, with what was answered before."""
    fields: dict[str, Any] = {}
    before: dict[str, Any] = {}
    for each in questions:
        answer = answers.get(each.id)
        if each.kind is QuestionKind.TEXT:
            fields[field_of(each.id)] = TextAreaField(
                each.wording, optional=True, rows=4, counted_length=TEXT_MAX_LENGTH, label_size="s"
            )
            fields[_quote_of(each)] = CheckboxField(
                _l("These words may be quoted, without my name, profession or area"), small=True
            )
            before[_quote_of(each)] = answer is not None and answer.may_quote
        else:
            fields[field_of(each.id)] = RadioField(each.wording, choices=_radios(each), small=True)
        if answer is not None:
            before[field_of(each.id)] = answer.text or answer.choice
    form: PageForm = type("PageForm", (PageForm,), fields)(data=before)
    return form


def _radios(question: SurveyQuestion) -> list[SelectChoice]:
    return [
        SelectChoice(each, label_of(question, each), {"divider": True} if each == UNKNOWN else {})
        for each in choices_of(question.kind)
    ]


def _quote_of(question: SurveyQuestion) -> str:
    return f"quote_{question.id}"
