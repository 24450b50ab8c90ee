"""The form about two organisations that may be one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import PossibleDuplicate
from matchmaker.services.merging import Which
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import HiddenField, RadioField, SelectChoice, SubmitField

FIELD_NAMES = {
    "name": _l("Name"),
    "kind": _l("Kind"),
    "registration": _l("Registration number"),
    "description": _l("What it does"),
    "website": _l("Website"),
    "email": _l("E-mail address"),
    "phone": _l("Phone number"),
    "postcode": _l("Postcode"),
}


def merge_form(
    pair: PossibleDuplicate, fields: Iterable[str], values: Mapping[str, tuple[str, str]]
) -> Form:
    """Which of the two stays, and for each field whose value is kept.

    Args:
        pair: The two.
        fields: Those of which the two say different things.
        values: What each says of them, in words.
    """
    questions: dict[str, Any] = {
        "stays": RadioField(
            _l("Whose page stays?"),
            hint=_l("The address of the other will lead to it."),
            label_size="m",
            validators=[InputRequired(_l("Choose whose page stays"))],
            choices=[
                SelectChoice(Which.FIRST.value, _numbered(pair.first.name, pair.first.id)),
                SelectChoice(Which.SECOND.value, _numbered(pair.second.name, pair.second.id)),
            ],
        )
    }
    for field in fields:
        first, second = values[field]
        questions[field] = RadioField(
            FIELD_NAMES[field],
            label_size="s",
            default=(Which.FIRST if _says_more(first, second) else Which.SECOND).value,
            choices=[
                SelectChoice(Which.FIRST.value, first),
                SelectChoice(Which.SECOND.value, second),
            ],
        )
    questions["digest"] = HiddenField()
    questions["submit"] = SubmitField(_l("Put them together"), kind="warning")
    made: Form = type("MergeForm", (Form,), questions)(prefix="", data=None)
    return made


def _numbered(name: str, number: int) -> str:
    return f"{name} ({number})"


def _says_more(first: str, second: str) -> bool:
    return len(first) >= len(second)
