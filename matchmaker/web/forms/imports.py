"""Forms for bringing in lists, and for what an import leaves to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField as UploadedFile
from markupsafe import Markup
from wtforms.validators import InputRequired, Length

from matchmaker.models import SourceFormat
from matchmaker.services.imports.conflicts import Keep
from matchmaker.services.imports.drafts import NAME_MAX_LENGTH, GivenFile
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextField,
)
from matchmaker.web.forms.govuk import render_component, without_empty
from matchmaker.web.forms.question import Question

FORMATS = {
    SourceFormat.CSV: _l("A table: CSV, or JSON Lines"),
    SourceFormat.ORUK: _l("Open Referral UK, version 3"),
    SourceFormat.ALISS: _l("ALISS, the directory of Scotland"),
}
FIELD_NAMES = {
    "name": _l("Name of the programme"),
    "description": _l("What it does"),
    "organisation": _l("Who runs it"),
    "registration": _l("Registration number of who runs it"),
    "id": _l("Its number or code in the list"),
    "conditions": _l("Conditions"),
    "approaches": _l("Kinds of support"),
    "categories": _l("Categories, of either kind"),
    "areas": _l("Areas it serves"),
    "min_age": _l("Youngest age"),
    "max_age": _l("Oldest age"),
    "delivery": _l("In person, online or both"),
    "cost": _l("What it costs"),
    "website": _l("Website"),
    "email": _l("Public e-mail address"),
    "phone": _l("Public phone number"),
    "venue": _l("Name of the place people come to"),
    "address": _l("Street"),
    "town": _l("Town"),
    "postcode": _l("Postcode"),
    "last_checked": _l("When it was last checked"),
    # Of organisations and programmes that are here already.
    "public_email": _l("Public e-mail address"),
    "public_phone": _l("Public phone number"),
    "ages": _l("Ages"),
    "is_free": _l("Whether it is free"),
    "funded_by": _l("Who pays for it"),
    "status": _l("Open, paused or closed"),
    "locations": _l("Places people come to"),
    "schedules": _l("Times"),
}


class _UploadWidget:
    """A file from the reader's device."""

    def __call__(self, field: FileField, **_kwargs: Any) -> Markup:
        """Render the question."""
        messages = field.messages()
        return render_component(
            "file-upload",
            "govukFileUpload",
            without_empty(
                {
                    "id": field.id,
                    "name": field.name,
                    "label": {"text": field.label_text(), "classes": "govuk-label--s"},
                    "hint": {"text": str(field.govuk.hint)} if field.govuk.hint else None,
                    "errorMessage": {"text": messages[0]} if messages else None,
                }
            ),
        )


class FileField(Question, UploadedFile):  # type: ignore[misc]
    """A file to hand in; browsers never fill it in again."""

    widget: Any = _UploadWidget()


class BringInForm(Form):
    """A list of programmes, as a file or by its address."""

    format = RadioField(
        _l("How is the list written?"),
        validators=[InputRequired(_l("Choose how the list is written"))],
        choices=[SelectChoice(each.value, name) for each, name in FORMATS.items()],
    )
    file = FileField(_l("The file"), hint=_l("UTF-8, at most 5 MB and 20,000 rows"), validators=[])
    address = TextField(
        _l("Or its web address"),
        hint=_l("It begins with https:// and is one of the addresses that were agreed."),
        optional=True,
        spellcheck=False,
        validators=[Length(max=500, message=_l("The address must be 500 characters or fewer"))],
    )
    source_name = TextField(
        _l("Who publishes the list?"),
        hint=_l("Use the same name each time, so that we know its entries again."),
        width="two-thirds",
    )
    attribution = TextField(
        _l("Whom should we name beside its entries?"),
        hint=_l("For example, Contains information from Fife Council"),
        optional=True,
        validators=[Length(max=200, message=_l("This must be 200 characters or fewer"))],
    )
    licence = TextField(
        _l("Under which licence?"),
        hint=_l("For example, Open Government Licence v3.0"),
        optional=True,
        width="two-thirds",
        validators=[Length(max=100, message=_l("This must be 100 characters or fewer"))],
    )
    submit = SubmitField(_l("Continue"))

    def validate_file(self, field: FileField) -> None:
        """One of the two, and not both.

        Raises:
            ValidationError: Neither was given, or both were.
        """
        if not field.data and not self.address.data:
            raise wtforms.ValidationError(_("Choose a file, or enter its web address"))
        if field.data and self.address.data:
            raise wtforms.ValidationError(_("Choose a file or enter an address, not both"))

    def given(self, content: bytes, url: str = "") -> GivenFile:
        """What was handed in; `content` is what the file or the address holds."""
        return GivenFile(
            content=content,
            file_name=url or self.file.data.filename or "",
            format=SourceFormat(self.format.data),
            source_name=(self.source_name.data or "")[: NAME_MAX_LENGTH + 1],
            url=url,
            attribution=self.attribution.data or "",
            licence=self.licence.data or "",
        )


class BringInOwnForm(Form):
    """An organisation's own programmes, as a table."""

    file = FileField(
        _l("The file"),
        hint=_l(
            "A table as CSV, with a row for each programme. UTF-8, at most 5 MB and 20,000 rows."
        ),
    )
    submit = SubmitField(_l("Continue"))

    def validate_file(self, field: FileField) -> None:
        """There is one.

        Raises:
            ValidationError: There is none.
        """
        if not field.data:
            raise wtforms.ValidationError(_("Choose a file"))

    def given(self, content: bytes) -> GivenFile:
        """What was handed in."""
        return GivenFile(
            content=content,
            file_name=self.file.data.filename or "",
            format=SourceFormat.CSV,
        )


class ConfirmForm(Form):
    """Taking what was looked at; `digest` says what that was."""

    digest = HiddenField()
    submit = SubmitField(_l("Bring it in"))


def columns_form(
    fields: Sequence[str], columns: Sequence[str], chosen: dict[str, str], examples: dict[str, str]
) -> Form:
    """A question for each field: which column holds it.

    Args:
        fields: What columns may mean.
        columns: The columns of the file.
        chosen: The column of each field so far.
        examples: What a column holds in the first row, by its name.
    """
    choices = [
        SelectChoice("", _("No column")),
        *(SelectChoice(str(place), _heading(name, examples)) for place, name in enumerate(columns)),
    ]
    questions: dict[str, Any] = {
        name: SelectField(
            FIELD_NAMES[name],
            choices=choices,
            default=str(columns.index(chosen[name])) if name in chosen else "",
            optional=name not in ("name", "description", "organisation"),
        )
        for name in fields
    }
    questions["submit"] = SubmitField(_l("Continue"))
    made: Form = type("ColumnsForm", (Form,), questions)()
    return made


def chosen_columns(form: Form, fields: Iterable[str], columns: Sequence[str]) -> dict[str, str]:
    """The column of each field, by name, as somebody chose."""
    return {name: columns[int(form[name].data)] for name in fields if form[name].data}


def _heading(name: str, examples: dict[str, str]) -> str:
    example = examples.get(name, "")
    short = example if len(example) <= 30 else f"{example[:29]}…"
    return f"{name} ({short})" if short else name


def conflict_form(values: Mapping[str, tuple[str, str]]) -> Form:
    """A question for each field: whose value it has from now on.

    Args:
        values: What stands here and what the source says, in words, by field.
    """
    questions: dict[str, Any] = {
        name: RadioField(
            FIELD_NAMES[name],
            label_size="m",
            validators=[InputRequired(_l("Choose which of the two is right"))],
            choices=[
                SelectChoice(Keep.OURS.value, _("Keep what is here"), render_kw={"hint": ours}),
                SelectChoice(
                    Keep.THEIRS.value, _("Take what the source says"), render_kw={"hint": theirs}
                ),
            ],
        )
        for name, (ours, theirs) in values.items()
    }
    questions["digest"] = HiddenField()
    questions["submit"] = SubmitField(_l("Save"))
    made: Form = type("ConflictForm", (Form,), questions)()
    return made
