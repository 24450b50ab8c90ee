"""Fields whose widgets render whole questions of the design system.

Their keywords are those of `question.Question`.

Radio buttons and checkboxes take `SelectChoice` objects. Their `render_kw` may say `hint` (a
sentence under the choice), `divider` (an "or" above it) and `exclusive` ("none of these": unticks
the rest).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import wtforms
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from matchmaker.web.forms import widgets
from matchmaker.web.forms.dates import DateField
from matchmaker.web.forms.question import Question
from matchmaker.web.forms.terms import TermsField

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
