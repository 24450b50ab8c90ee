"""The forms with which an owner decides about a change of a programme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import ProgrammeEdit
from matchmaker.services.edit_decisions import NOTE_MAX_LENGTH, Seen
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    RadioField,
    SelectChoice,
    SubmitField,
    TextAreaField,
    VersionField,
)

PAGE, CHANGE = "page", "change"
_PREFIX = "right_"


class Dispute(Protocol):
    """An answer that was changed on the page as well as in the change."""

    @property
    def field(self) -> str:
        """Its name."""

    @property
    def label(self) -> str:
        """What it is about."""

    @property
    def old(self) -> list[str]:
        """What the page says now."""

    @property
    def new(self) -> list[str]:
        """What the change says."""


class DecideForm(Form):
    """Publish a change; `decide_form` adds a question for each answer in dispute."""

    version = VersionField(default="0")
    change_version = VersionField(default="0")
    submit = SubmitField(_l("Publish the change"))

    def seen(self, edit_id: int) -> Seen:
        """What the owner looked at."""
        return Seen(self.version.number, edit_id, self.change_version.number)

    def set_seen(self, edit: ProgrammeEdit) -> None:
        """Let the form be about the change as it is now, whatever was sent."""
        self.version.data = str(edit.programme.version)
        self.change_version.data = str(edit.version)

    def disputes(self) -> list[RadioField]:
        """The questions about answers in dispute."""
        return [field for field in self if field.name.startswith(_PREFIX)]

    def choices(self) -> dict[str, bool]:
        """For each answer in dispute whether the change's is right."""
        return {field.name.removeprefix(_PREFIX): field.data == CHANGE for field in self.disputes()}


class SendBackForm(Form):
    """What should be different."""

    note = TextAreaField(
        _l("What should be different?"),
        [InputRequired(_l("Say in a sentence what should be different"))],
        hint=_l("The author gets these words by mail, and can go on with the change."),
        rows=4,
        counted_length=NOTE_MAX_LENGTH,
    )
    submit = SubmitField(_l("Send it back"))


def decide_form(disputes: Iterable[Dispute], *, version: int, change_version: int) -> DecideForm:
    """The form about a change, opened on these versions of the page and of the change."""
    questions = {f"{_PREFIX}{each.field}": _question(each) for each in disputes}
    made: type[DecideForm] = type("DecideForm", (DecideForm,), questions)
    return made(data={"version": version, "change_version": change_version})


def _question(dispute: Dispute) -> RadioField:
    return RadioField(
        _("%(label)s: which is right?", label=dispute.label),
        [InputRequired(_("Choose which answer is right"))],
        choices=[
            SelectChoice(PAGE, _said(dispute.old), {"hint": _("As the page says now")}),
            SelectChoice(CHANGE, _said(dispute.new), {"hint": _("As the change says")}),
        ],
    )


def _said(lines: list[str]) -> str:
    return "; ".join(lines) or _("Nothing")
