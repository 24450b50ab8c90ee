"""What every question has, whatever its kind.

Every field takes WTForms' own arguments and these keywords:

    hint            a sentence under the label
    optional        adds "(optional)" to the label, and lets the answer be empty
    heading         the label or legend is the page's h1: for pages that ask one question
    label_size      "s", "m" or "l" for a larger label or legend
    width           2, 3, 4, 5, 10, 20 or 30 characters, or "two-thirds"
    autocomplete    what a browser may fill in, as HTML names it ("email", "new-password")
    inputmode       the keyboard a phone shows ("numeric")
    spellcheck      False where words are no dictionary's: names, e-mail addresses
    rows            lines of a text area
    counted_length  longest text of a text area, counted while one types; also checked
    small           smaller radio buttons and checkboxes
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import wtforms
from flask_babel import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    rows: int | None = None
    counted_length: int | None = None
    is_small: bool = False


class Question(wtforms.Field):  # type: ignore[misc]
    """What every field of ours adds to a WTForms field: its look, and where its errors lead."""

    def __init__(
        self,
        label: object,
        validators: Sequence[Any] = (),
        *,
        optional: bool = False,
        heading: bool = False,
        small: bool = False,
        **kwargs: Any,
    ) -> None:
        look = {name: kwargs.pop(name) for name in Look.__slots__ if name in kwargs}
        self.govuk = Look(is_optional=optional, is_heading=heading, is_small=small, **look)
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


def _no_longer_than(longest: int) -> Any:
    def check(_form: object, field: Question) -> None:
        # Browsers send a line end as two characters and count it as one.
        if field.data and len(field.data.replace("\r\n", "\n")) > longest:
            message = _("Use %(longest)s characters or fewer", longest=longest)
            raise wtforms.ValidationError(message)

    return check
