"""The question for a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import wtforms
from flask_babel import gettext as _

from matchmaker.web.forms import widgets
from matchmaker.web.forms.question import Question

if TYPE_CHECKING:
    from collections.abc import Sequence


class DateField(Question):
    """A day, as three numbers; the data is a `date`, or None when nothing was typed."""

    widget = widgets.DateWidget()
    PARTS = ("day", "month", "year")

    def __init__(self, label: object, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self._typed: dict[str, str] | None = None
        self.wrong_parts: tuple[str, ...] = self.PARTS

    @property
    def focus_id(self) -> str:
        """The first box that is wrong."""
        return f"{self.id}-{self.wrong_parts[0]}"

    def process(self, formdata: Any, data: Any = wtforms.utils.unset_value, **kwargs: Any) -> None:
        """Join the three boxes before WTForms looks for one value under the field's name."""
        self._typed = None
        names = {part: f"{self.name}-{part}" for part in self.PARTS}
        if formdata is not None and any(name in formdata for name in names.values()):
            self._typed = {part: formdata.get(name, "").strip() for part, name in names.items()}
        super().process(None, data, **kwargs)
        if self._typed is not None:
            self.raw_data = [text for text in self._typed.values() if text]
            try:
                self.data = self._read(self._typed)
            except ValueError as error:
                self.data = None
                self.process_errors = [str(error)]

    def _read(self, typed: dict[str, str]) -> date | None:
        if not any(typed.values()):
            return None
        absent = tuple(part for part in self.PARTS if not typed[part])
        if absent:
            self.wrong_parts = absent
            raise ValueError(_("Enter a day, a month and a year"))
        try:
            year, month, day = (int(typed[part]) for part in ("year", "month", "day"))
            if year < 1000:
                raise ValueError
            return date(year, month, day)
        # A year of twenty digits is too large for `date` even to call it wrong.
        except (ValueError, OverflowError):
            raise ValueError(_("Enter a real date, like 21 11 2026")) from None

    def typed_parts(self) -> dict[str, str]:
        """What stands in each box."""
        if self._typed is not None:
            return self._typed
        if self.data is None:
            return dict.fromkeys(self.PARTS, "")
        return {part: str(getattr(self.data, part)) for part in self.PARTS}
