"""Widgets that render a whole question: label or legend, hint, error and inputs.

Each is called by WTForms with its field; `field.govuk` (see `question.Look`) says how it looks.
The element that an error message in the summary leads to has the id `field.focus_id`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from markupsafe import Markup

from matchmaker.web.forms.govuk import Parameters, render_component, text_of, without_empty

if TYPE_CHECKING:
    from matchmaker.web.forms import dates, fields, question, terms

# The design system's input widths, as its classes name them.
WIDTHS: dict[object, str] = {
    **{size: f"govuk-input--width-{size}" for size in (2, 3, 4, 5, 10, 20, 30)},
    "two-thirds": "govuk-!-width-two-thirds",
}


class InputWidget:
    """One line of typing."""

    def __init__(self, input_type: str = "text") -> None:
        self.input_type = input_type

    def __call__(self, field: fields.TextField, **_kwargs: Any) -> Markup:
        """Render the question."""
        parameters = {
            **_single(field),
            "type": self.input_type,
            "value": field.typed_text(),
            "inputmode": field.govuk.inputmode,
            "autocomplete": field.govuk.autocomplete,
        }
        if field.govuk.spellcheck is not None:
            parameters["spellcheck"] = field.govuk.spellcheck
        return render_component("input", "govukInput", without_empty(parameters))


class PasswordWidget:
    """A password, hidden until its reader asks to see it; what was typed is never sent back."""

    def __call__(self, field: fields.PasswordField, **_kwargs: Any) -> Markup:
        """Render the question."""
        parameters = {
            **_single(field),
            "autocomplete": field.govuk.autocomplete or "current-password",
            "showPasswordText": _("Show"),
            "hidePasswordText": _("Hide"),
            "showPasswordAriaLabelText": _("Show password"),
            "hidePasswordAriaLabelText": _("Hide password"),
            "passwordShownAnnouncementText": _("Your password is visible"),
            "passwordHiddenAnnouncementText": _("Your password is hidden"),
        }
        return render_component("password-input", "govukPasswordInput", without_empty(parameters))


class TextAreaWidget:
    """Several lines of typing; with a longest length, what is left is counted as one types."""

    def __call__(self, field: fields.TextAreaField, **_kwargs: Any) -> Markup:
        """Render the question."""
        parameters = {
            **_single(field),
            "value": field.typed_text(),
            "rows": field.govuk.rows,
            "autocomplete": field.govuk.autocomplete,
            "spellcheck": field.govuk.spellcheck,
        }
        if field.govuk.counted_length is None:
            return render_component("textarea", "govukTextarea", without_empty(parameters))
        parameters |= _count_texts(field.govuk.counted_length)
        return render_component("character-count", "govukCharacterCount", without_empty(parameters))


class SelectWidget:
    """A choice from a list that is too long for radio buttons."""

    def __call__(self, field: fields.SelectField, **_kwargs: Any) -> Markup:
        """Render the question."""
        items = [
            without_empty({"value": str(choice.value), "text": str(choice.label)})
            | {"value": str(choice.value), "selected": choice.selected}
            for choice in field.iter_choices()
        ]
        parameters = {**_single(field), "items": items}
        return render_component("select", "govukSelect", without_empty(parameters))


class RadiosWidget:
    """One of a few."""

    def __call__(self, field: fields.RadioField, **_kwargs: Any) -> Markup:
        """Render the question."""
        return render_component("radios", "govukRadios", _group(field))


class CheckboxesWidget:
    """Any of a few."""

    def __call__(self, field: fields.CheckboxesField, **_kwargs: Any) -> Markup:
        """Render the question."""
        return render_component("checkboxes", "govukCheckboxes", _group(field))


class CheckboxWidget:
    """One box to tick. Its label is the question, so that it needs no fieldset of its own."""

    def __call__(self, field: fields.CheckboxField, **_kwargs: Any) -> Markup:
        """Render the question."""
        box = {"value": "yes", "text": field.label_text(), "checked": bool(field.data)}
        parameters = {
            "idPrefix": field.id,
            "name": field.name,
            "items": [box],
            "hint": field.govuk.hint and text_of(field.govuk.hint),
            "errorMessage": _error(field),
        }
        return render_component("checkboxes", "govukCheckboxes", without_empty(parameters))


class DateWidget:
    """Day, month and year in boxes of their own."""

    def __call__(self, field: dates.DateField, **_kwargs: Any) -> Markup:
        """Render the question."""
        labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
        items = [
            {
                "name": part,
                "label": label,
                "value": field.typed_parts()[part],
                "classes": _date_classes(field, part),
            }
            for part, label in labels.items()
        ]
        parameters = {
            "id": field.id,
            "namePrefix": field.name,
            "fieldset": {"legend": _legend(field)},
            "hint": field.govuk.hint and text_of(field.govuk.hint),
            "errorMessage": _error(field),
            "items": items,
        }
        return render_component("date-input", "govukDateInput", without_empty(parameters))


class TermsWidget:
    """Conditions or approaches, one to a line; the list to choose from helps where scripts run."""

    def __call__(self, field: terms.TermsField, **_kwargs: Any) -> Markup:
        """Render the question, and the known labels as a list that scripts read."""
        list_id = f"{field.id}-known"
        parameters = {
            **_single(field),
            "value": "\n".join(field.typed_lines()),
            "rows": field.govuk.rows or 4,
            "spellcheck": True,
            "attributes": {
                "data-terms": list_id,
                "data-add": _("Add"),
                "data-remove": _("Remove"),
                "data-chosen": _("Your answers"),
                "data-no-results": _("Not in our list. Add it in your own words."),
            },
        }
        options = _options(field.known_labels())
        return render_component("textarea", "govukTextarea", without_empty(parameters)) + Markup(
            '<datalist id="{}">{}</datalist>'
        ).format(list_id, options)


class SubmitWidget:
    """The button that sends the form."""

    def __call__(self, field: fields.SubmitField, **_kwargs: Any) -> Markup:
        """Render the button; a second press within a second sends nothing again."""
        parameters = {
            "text": str(field.label.text),
            "id": field.id,
            "name": field.name,
            "value": "yes",
            "classes": field.button_classes,
            "preventDoubleClick": True,
        }
        return render_component("button", "govukButton", without_empty(parameters))


@lru_cache(maxsize=8)
def _options(labels: tuple[str, ...]) -> Markup:
    """What a datalist holds. There are hundreds, the same on every page that asks."""
    return Markup("").join(Markup('<option value="{}"></option>').format(each) for each in labels)


def _single(field: question.Question) -> Parameters:
    """What every question with one input has."""
    return {
        "id": field.id,
        "name": field.name,
        "label": _heading(field, "label"),
        "hint": field.govuk.hint and text_of(field.govuk.hint),
        "errorMessage": _error(field),
        "classes": _width(field),
    }


def _group(field: fields.RadioField | fields.CheckboxesField) -> Parameters:
    """What a question with several boxes has."""
    items: list[Parameters] = []
    for choice in field.iter_choices():
        if choice.render_kw and choice.render_kw.get("divider"):
            items.append({"divider": _("or")})
        hint = (choice.render_kw or {}).get("hint")
        item = {
            "text": str(choice.label),
            "value": str(choice.value),
            "checked": choice.selected,
        }
        items.append(item | ({"hint": text_of(hint)} if hint else {}))
    return without_empty(
        {
            "idPrefix": field.id,
            "name": field.name,
            "classes": _group_classes(field),
            "fieldset": {"legend": _legend(field)},
            "hint": field.govuk.hint and text_of(field.govuk.hint),
            "errorMessage": _error(field),
            "items": items,
        }
    )


def _group_classes(field: question.Question) -> str:
    kind = "radios" if isinstance(field.widget, RadiosWidget) else "checkboxes"
    return f"govuk-{kind}--small" if field.govuk.is_small else ""


def _heading(field: question.Question, part: str) -> Parameters:
    """The label or legend, as the page's heading where the page asks one question."""
    is_heading = field.govuk.is_heading
    size = "l" if is_heading else field.govuk.label_size
    parameters = {"text": field.label_text(), "isPageHeading": is_heading}
    return parameters | ({"classes": f"govuk-{part}--{size}"} if size else {})


def _legend(field: question.Question) -> Parameters:
    legend = _heading(field, "fieldset__legend")
    size = "l" if field.govuk.is_heading else (field.govuk.label_size or "s")
    return legend | {"classes": f"govuk-fieldset__legend--{size}"}


def _error(field: question.Question) -> Parameters | None:
    messages = field.messages()
    if not messages:
        return None
    return {"text": messages[0], "visuallyHiddenText": _("Error")}


def _width(field: question.Question) -> str:
    return "" if field.govuk.width is None else WIDTHS[field.govuk.width]


def _date_classes(field: dates.DateField, part: str) -> str:
    width = WIDTHS[4 if part == "year" else 2]
    is_wrong = bool(field.errors) and part in field.wrong_parts
    return f"{width} govuk-input--error" if is_wrong else width


def _count_texts(longest: int) -> Parameters:
    """What the counter says; the browser puts the number where `%{count}` stands."""
    return {
        "maxlength": longest,
        "textareaDescriptionText": _("You can enter up to %(longest)s characters", longest=longest),
        "charactersUnderLimitText": {
            "one": _("You have %{count} character left"),
            "other": _("You have %{count} characters left"),
        },
        "charactersAtLimitText": _("You have no characters left"),
        "charactersOverLimitText": {
            "one": _("You have %{count} character too many"),
            "other": _("You have %{count} characters too many"),
        },
    }
