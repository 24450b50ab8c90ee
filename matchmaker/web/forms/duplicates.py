"""The form about two organisations that may be one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
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
                SelectChoice(Which.FIRST.value, _("The first: %(name)s", name=pair.first.name)),
                SelectChoice(Which.SECOND.value, _("The second: %(name)s", name=pair.second.name)),
            ],
        )
    }
    for field in fields:
        first, second = values[field]
        questions[field] = RadioField(
            FIELD_NAMES[field],
            label_size="s",
            default=_likelier(pair, field).value,
            choices=[
                SelectChoice(Which.FIRST.value, first),
                SelectChoice(Which.SECOND.value, second),
            ],
        )
    questions["digest"] = HiddenField()
    questions["submit"] = SubmitField(_l("Put them together"), kind="warning")
    made: Form = type("MergeForm", (Form,), questions)(prefix="", data=None)
    return made


def _likelier(pair: PossibleDuplicate, field: str) -> Which:
    """Whose value is probably right: of one that says something, and has people to put it right."""
    first_says, second_says = (bool(getattr(each, field)) for each in (pair.first, pair.second))
    if first_says != second_says:
        return Which.FIRST if first_says else Which.SECOND
    is_second_better = pair.second.is_claimed and not pair.first.is_claimed
    return Which.SECOND if is_second_better else Which.FIRST
