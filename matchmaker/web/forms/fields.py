"""Fields whose widgets render whole questions of the design system.

Their keywords are those of `question.Question`.

Radio buttons and checkboxes take `SelectChoice` objects, whose `render_kw` may say `divider` (an
"or" above the choice) and `hint` (a sentence under it).
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
    "VersionField",
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
    """A whole number."""

    widget = widgets.InputWidget()

    def __init__(self, label: object, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        defaults: dict[str, Any] = {"inputmode": "numeric", "spellcheck": False, "width": 5}
        super().__init__(label, validators, **(defaults | kwargs))

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
            raise ValueError(_("Enter a whole number, like 12"))
        self.data = int(text)


class SelectField(Question, wtforms.SelectField):  # type: ignore[misc]
    """One of many, in a list."""

    widget = widgets.SelectWidget()


class RadioField(Question, wtforms.RadioField):  # type: ignore[misc]
    """One of a few. Nothing is chosen beforehand unless `default` says so."""

    widget = widgets.RadiosWidget()

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
    """A value that travels with the form, like the side somebody acts for."""

    @property
    def focus_id(self) -> None:
        """Nothing to lead to: nobody can see it."""
        return


class VersionField(HiddenField):
    """The version of a row that the form was opened on."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent; a form that sends none was opened on no version."""
        self.data = valuelist[0] if valuelist else ""

    @property
    def number(self) -> int:
        """The version; -1, which fits no row, for one that was tampered with."""
        text = str(self.data)
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1


class SubmitField(wtforms.SubmitField):  # type: ignore[misc]
    """The button. `kind="secondary"` or `kind="warning"` for a quieter or a dangerous one."""

    widget = widgets.SubmitWidget()

    def __init__(self, label: object, *, kind: str | None = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.button_classes = "" if kind is None else f"govuk-button--{kind}"


def _strip(text: str | None) -> str | None:
    return text if text is None else text.strip()
