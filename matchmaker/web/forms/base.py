"""The form every page's form is made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field

from matchmaker.services.errors import DomainError, FieldError
from matchmaker.web.forms.entries import EntriesField


class ErrorLink(TypedDict):
    """One line of the error summary; `href` leads to the answer it is about, where there is one."""

    text: str
    href: str | None


class Form(FlaskForm):  # type: ignore[misc]
    """A form that is posted, with a token against forgery."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """What holds for the answers of every form."""

        def wrap_formdata(self, form: Form, formdata: Any) -> Any:
            """Leave out the one character that PostgreSQL cannot store; nobody types it."""
            answers = super().wrap_formdata(form, formdata)
            if answers is None:
                return None
            typed = [pair for pair in answers.items(multi=True) if isinstance(pair[1], str)]
            if not any("\0" in text for _, text in typed):
                return answers
            return MultiDict((name, text.replace("\0", "")) for name, text in typed)

    def show_error(self, error: DomainError) -> None:
        """Put a rule's refusal on the page: beside the answer it is about, or above them all."""
        fields = {field.name: field for field in self._questions()}
        if isinstance(error, FieldError) and error.field in fields:
            field = fields[error.field]
            field.errors = [*field.errors, str(error)]
        else:
            self.form_errors.append(str(error))

    def error_links(self) -> list[ErrorLink]:
        """What the summary at the top of the page lists, in the order of the questions."""
        links = [ErrorLink(text=str(message), href=None) for message in self.form_errors]
        for field in self._questions():
            if not field.errors:
                continue
            focus_id = getattr(field, "focus_id", field.id)
            href = None if focus_id is None else f"#{focus_id}"
            links += [ErrorLink(text=str(message), href=href) for message in field.errors]
        return links

    def _questions(self) -> Iterator[Field]:
        """Every question, those with several answers of several boxes (`EntriesField`) included."""
        for field in self:
            if isinstance(field, EntriesField):
                yield from field.answers()
            else:
                yield field


class QueryForm(Form):
    """A form that only asks: its answers stand in the address (`method="get"`).

    It is submitted when the address holds an answer to one of its questions.
    """

    class Meta(Form.Meta):
        """A GET changes nothing, so there is nothing to forge."""

        csrf = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.args or None, **kwargs)

    def is_submitted(self) -> bool:
        """Whether the address holds an answer."""
        return any(name in request.args for name in self._fields)
