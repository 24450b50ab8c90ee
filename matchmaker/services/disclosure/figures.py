"""What is published of a count, and what somebody who reads it may take for granted."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.services.disclosure.rule import HIDDEN

WITHHELD = "x"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it is published.

    Attributes:
        value: What is written; None where it is hidden.
        is_withheld: It would give away another figure, so that an ``x`` stands in its place.
            Without this, a hidden figure is a small one, and reads ``*``.
    """

    value: int | None
    is_withheld: bool = False

    @property
    def shown(self) -> int | None:
        """What is written, as charts call it."""
        return self.value

    @property
    def is_hidden(self) -> bool:
        """Whether no value is written."""
        return self.value is None

    @property
    def text(self) -> str:
        """The figure as a table shows it: ``0``, ``*``, ``x`` or ``1,235``."""
        if self.value is None:
            return WITHHELD if self.is_withheld else HIDDEN
        return f"{self.value:,}"


NONE_AT_ALL = Shown(0)
KEPT_BACK = Shown(None, is_withheld=True)
