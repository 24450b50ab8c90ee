"""Fields whose widgets render whole questions of the design system.

Every field takes WTForms' own arguments and these keywords:

    hint            a sentence under the label
    optional        adds "(optional)" to the label, and lets the answer be empty
    heading         the label or legend is the page's h1: for pages that ask one question
    label_size      "s", "m" or "l" for a larger label or legend
    width           2, 3, 4, 5, 10, 20 or 30 characters, or "full", "two-thirds", "one-half"
    autocomplete    what a browser may fill in, as HTML names it ("email", "new-password")
    inputmode       the keyboard a phone shows ("numeric")
    spellcheck      False where words are no dictionary's: names, e-mail addresses
    prefix, suffix  shown inside the box, before or after the answer
    rows            lines of a text area
    counted_length  longest text of a text area, counted while one types; also checked
    inline, small   how radio buttons and checkboxes lie
    searchable      a long select becomes a box that suggests, where scripts run

Radio buttons and checkboxes take `SelectChoice` objects. Their `render_kw` may say `hint` (a
sentence under the choice), `divider` (an "or" above it) and `exclusive` ("none of these": unticks
the rest).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import wtforms
from flask_babel import gettext as _
from wtforms import validators
from wtforms.fields.choices import SelectChoice

from matchmaker.vocabulary import Thesaurus, load_vocabulary
from matchmaker.web.forms import widgets

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "CheckboxField",
    "CheckboxesField",
    "DateField",
    "EmailField",
    "HiddenField",
    "IntegerField",
    "PasswordField",
    "RadioField",
    "SelectChoice",
    "SelectField",
    "SubmitField",
    "TermsField",
    "TextAreaField",
    "TextField",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a question looks; see the top of this file."""

    hint: object = None
    is_optional: bool = False
    is_heading: bool = False
    label_size: str | None = None
    width: int | str | None = None
    autocomplete: str | None = None
    inputmode: str | None = None
    spellcheck: bool | None = None
    prefix: object = None
    suffix: object = None
    rows: int | None = None
    counted_length: int | None = None
    is_inline: bool = False
    is_small: bool = False
    is_searchable: bool = False


class Question(wtforms.Field):  # type: ignore[misc]
    """What every field of ours adds to a WTForms field: its look, and where its errors lead."""

    def __init__(
        self,
        label: object,
        validators: Sequence[Any] = (),
        *,
        optional: bool = False,
        heading: bool = False,
        inline: bool = False,
        small: bool = False,
        searchable: bool = False,
        **kwargs: Any,
    ) -> None:
        look = {name: kwargs.pop(name) for name in Look.__slots__ if name in kwargs}
        self.govuk = Look(
            is_optional=optional,
            is_heading=heading,
            is_inline=inline,
            is_small=small,
            is_searchable=searchable,
            **look,
        )
        checks = [wtforms.validators.Optional()] if optional else []
        super().__init__(label, [*checks, *validators, *self._own_checks()], **kwargs)

    def _own_checks(self) -> list[Any]:
        longest = self.govuk.counted_length
        return [] if longest is None else [_no_longer_than(longest)]

    @property
    def focus_id(self) -> str:
        """The id of the element that the error summary leads to."""
        return str(self.id)

    def label_text(self) -> str:
        """The question, marked where it may be left out."""
        text = str(self.label.text)
        return _("%(question)s (optional)", question=text) if self.govuk.is_optional else text

    def messages(self) -> list[str]:
        """The errors of this field as sentences."""
        return [str(error) for error in self.errors]

    def typed_text(self) -> str:
        """What stands in the box: what was typed, even where it could not be understood."""
        return str(self._value())


class TextField(Question, wtforms.StringField):  # type: ignore[misc]
    """One line of text, without spaces around it."""

    widget: Any = widgets.InputWidget()

    def __init__(self, label: object, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        filters = [_strip, *kwargs.pop("filters", ())]
        super().__init__(label, validators, filters=filters, **kwargs)


class EmailField(TextField):
    """An e-mail address; `validators=[Email(…)]` checks it."""

    widget = widgets.InputWidget("email")

    def __init__(self, label: object, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"autocomplete": "email", "spellcheck": False}
        super().__init__(label, validators, **(defaults | kwargs))


class PasswordField(Question, wtforms.StringField):  # type: ignore[misc]
    """A password, taken exactly as typed. Say `autocomplete="new-password"` where one is chosen."""

    widget = widgets.PasswordWidget()


class TextAreaField(TextField):
    """Several lines of text, without spaces around them."""

    widget = widgets.TextAreaWidget()


class IntegerField(Question, wtforms.IntegerField):  # type: ignore[misc]
    """A whole number; `not_a_number=` is the sentence for anything else."""

    widget = widgets.InputWidget()

    def __init__(
        self,
        label: object,
        validators: Sequence[Any] = (),
        *,
        not_a_number: object = None,
        **kwargs: Any,
    ) -> None:
        defaults: dict[str, Any] = {"inputmode": "numeric", "spellcheck": False, "width": 5}
        super().__init__(label, validators, **(defaults | kwargs))
        self._not_a_number = not_a_number

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; spaces around and commas between its digits are no mistake.

        Raises:
            ValueError: It is no whole number.
        """
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", text):
            raise ValueError(str(self._not_a_number or _("Enter a whole number, like 12")))
        self.data = int(text)


class SelectField(Question, wtforms.SelectField):  # type: ignore[misc]
    """One of many, in a list."""

    widget = widgets.SelectWidget()


class RadioField(Question, wtforms.RadioField):  # type: ignore[misc]
    """One of a few. Nothing is chosen beforehand unless `default` says so."""

    widget = widgets.RadiosWidget()

    def __init__(self, label: object, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        kwargs.setdefault("validate_choice", True)
        super().__init__(label, validators, **kwargs)

    def pre_validate(self, form: wtforms.Form) -> None:
        """Leave an unanswered question to the validators, which have a sentence for it."""
        if self.data is not None:
            super().pre_validate(form)


class CheckboxesField(Question, wtforms.SelectMultipleField):  # type: ignore[misc]
    """Any of a few; the data are the values that were ticked."""

    widget = widgets.CheckboxesWidget()


class CheckboxField(Question, wtforms.BooleanField):  # type: ignore[misc]
    """One box, ticked or not."""

    widget = widgets.CheckboxWidget()


class DateField(Question):
    """A day, as three numbers; the data is a `date`, or None when nothing was typed.

    `missing=` and `not_a_date=` are the sentences for an incomplete and an impossible one.
    """

    widget = widgets.DateWidget()
    PARTS = ("day", "month", "year")

    def __init__(
        self,
        label: object,
        validators: Sequence[Any] = (),
        *,
        missing: object = None,
        not_a_date: object = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self._missing, self._not_a_date = missing, not_a_date
        self._typed: dict[str, str] | None = None
        self.wrong_parts: tuple[str, ...] = self.PARTS

    @property
    def focus_id(self) -> str:
        """The first box that is wrong."""
        return f"{self.id}-{self.wrong_parts[0]}"

    def process(self, formdata: Any, data: Any = wtforms.utils.unset_value, **kwargs: Any) -> None:
        """Join the three boxes before WTForms looks for one value under the field's name."""
        self._typed = None
        names = {part: f"{self.name}-{part}" for part in self.PARTS}
        if formdata is not None and any(name in formdata for name in names.values()):
            self._typed = {part: formdata.get(name, "").strip() for part, name in names.items()}
        super().process(None, data, **kwargs)
        if self._typed is not None:
            self.raw_data = [text for text in self._typed.values() if text]
            try:
                self.data = self._read(self._typed)
            except ValueError as error:
                self.data = None
                self.process_errors = [str(error)]

    def _read(self, typed: dict[str, str]) -> date | None:
        if not any(typed.values()):
            return None
        absent = tuple(part for part in self.PARTS if not typed[part])
        if absent:
            self.wrong_parts = absent
            raise ValueError(str(self._missing or _("Enter a day, a month and a year")))
        try:
            year, month, day = (int(typed[part]) for part in ("year", "month", "day"))
            if year < 1000:
                raise ValueError
            return date(year, month, day)
        except ValueError:
            message = self._not_a_date or _("Enter a real date, like 21 11 2026")
            raise ValueError(str(message)) from None

    def typed_parts(self) -> dict[str, str]:
        """What stands in each box."""
        if self._typed is not None:
            return self._typed
        if self.data is None:
            return dict.fromkeys(self.PARTS, "")
        return {part: str(getattr(self.data, part)) for part in self.PARTS}

    def _value(self) -> str:
        return "" if self.data is None else self.data.isoformat()


class TermsField(Question):
    """Conditions or approaches in people's own words; the data is a list of wordings.

    One to a line, or separated by commas or semicolons. A wording the vocabulary does not know is
    no error: it counts as text. `code_of` says what the vocabulary understood, for a page that
    confirms it. `thesaurus` is "conditions" or "approaches"; `most` the longest list taken.
    """

    widget = widgets.TermsWidget()
    LONGEST_WORDING = 100

    def __init__(
        self,
        label: object,
        validators: Sequence[Any] = (),
        *,
        thesaurus: str = "conditions",
        most: int = 20,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.thesaurus: Thesaurus = getattr(load_vocabulary(), thesaurus)
        self._most = most

    def process_data(self, value: Sequence[str] | None) -> None:
        """Take wordings or codes; a code is shown as its label."""
        terms = self.thesaurus
        self.data = [terms[each].label if each in terms else each for each in value or ()]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Split what was typed into wordings, each kept once.

        Raises:
            ValueError: There are too many, or one is too long to be a name.
        """
        wordings: dict[str, str] = {}
        for text in valuelist:
            for wording in self._split(text):
                wordings.setdefault(wording.casefold(), wording)
        self.data = list(wordings.values())
        if len(self.data) > self._most:
            raise ValueError(_("Enter %(most)s or fewer, the most important", most=self._most))
        if any(len(wording) > self.LONGEST_WORDING for wording in self.data):
            raise ValueError(_("Put each one on its own line, in a few words"))

    def _split(self, text: str) -> list[str]:
        """Split at line ends, then at commas and semicolons unless the line is one known term."""
        wordings: list[str] = []
        for line in (each.strip(" \t,;") for each in text.splitlines()):
            is_one = self.thesaurus.resolve(line) is not None
            pieces = [line] if is_one else re.split(r"[,;]", line)
            wordings += [" ".join(piece.split()) for piece in pieces if piece.strip()]
        return wordings

    def code_of(self, wording: str) -> str | None:
        """The code of the term the vocabulary understands by `wording`, or None."""
        return self.thesaurus.resolve(wording)

    def known_labels(self) -> list[str]:
        """The labels to choose from, in alphabetical order."""
        return sorted((term.label for term in self.thesaurus.terms.values()), key=str.casefold)

    def typed_lines(self) -> list[str]:
        """What stands in the box, line by line."""
        return list(self.data or ())

    def _value(self) -> str:
        return "\n".join(self.typed_lines())


class HiddenField(wtforms.HiddenField):  # type: ignore[misc]
    """A value that travels with the form, like the version that was being edited."""

    @property
    def focus_id(self) -> None:
        """Nothing to lead to: nobody can see it."""
        return

    def messages(self) -> list[str]:
        """The errors of this field as sentences."""
        return [str(error) for error in self.errors]


class SubmitField(wtforms.SubmitField):  # type: ignore[misc]
    """The button. `kind="secondary"` or `kind="warning"` for a quieter or a dangerous one."""

    widget = widgets.SubmitWidget()

    def __init__(self, label: object, *, kind: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.button_classes = "" if kind is None else f"govuk-button--{kind}"


def _strip(text: str | None) -> str | None:
    return text if text is None else text.strip()


def _no_longer_than(longest: int) -> Any:
    def check(_form: object, field: TextAreaField) -> None:
        # Browsers send a line end as two characters and count it as one.
        if field.data and len(field.data.replace("\r\n", "\n")) > longest:
            message = _("Use %(longest)s characters or fewer", longest=longest)
            raise validators.ValidationError(message)

    return check
