"""A question with several answers of several boxes each, such as the places people come to.

Works without scripts: a button of its own sends the form to have another answer added, or one
taken away, and everything that was typed comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import wtforms

ADD, REMOVE = "add", "remove"


class EntriesField(wtforms.FieldList):  # type: ignore[misc]
    """Any number of answers to the same few questions; `most` are offered, and more are kept.

    The template shows each entry's boxes (`entry.form`), the buttons named `add` with this field's
    name, and `remove` with the entry's name.
    """

    def __init__(self, entry: type[wtforms.Form], label: object, *, most: int, **kwargs: Any):
        super().__init__(wtforms.FormField(entry), label, **kwargs)
        self._most = most

    @property
    def is_full(self) -> bool:
        """Whether no further answer is taken."""
        return len(self.entries) >= self._most

    def act(self, formdata: Any) -> bool:
        """Do what the pressed button says; False when no button of this field was pressed."""
        if formdata.get(ADD) == self.name:
            if not self.is_full:
                self.append_entry()
            return True
        for place, entry in enumerate(self.entries):
            if formdata.get(REMOVE) == entry.name:
                self.pop_entry(place)
                return True
        return False

    def answers(self) -> Iterator[wtforms.Field]:
        """Every box of every entry."""
        for entry in self.entries:
            yield from entry.form

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """The numbers of the entries in a form; what no page of ours sends is not among them."""
        for key in formdata:
            found = re.match(rf"{re.escape(prefix)}-([0-9]{{1,3}})-", key)
            if found is not None:
                yield int(found[1])
