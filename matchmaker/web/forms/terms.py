"""The question for conditions or approaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from matchmaker.services.answers import WORDING_MAX_LENGTH
from matchmaker.vocabulary import Thesaurus, load_vocabulary
from matchmaker.web.forms import widgets
from matchmaker.web.forms.question import Question

if TYPE_CHECKING:
    from collections.abc import Sequence


class TermsField(Question):
    """Conditions or approaches in people's own words; the data is a list of wordings.

    One to a line, or separated by commas or semicolons. A wording the vocabulary does not know is
    no error: it counts as text. `thesaurus` is "conditions" or "approaches"; `most` the longest
    list taken.
    """

    widget = widgets.TermsWidget()

    def __init__(
        self,
        label: object,
        validators: Sequence[Any] = (),
        *,
        thesaurus: str = "conditions",
        most: int = 20,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.thesaurus: Thesaurus = getattr(load_vocabulary(), thesaurus)
        self._most = most

    def process_data(self, value: Sequence[str] | None) -> None:
        """Take wordings or codes; a code is shown as its label."""
        terms = self.thesaurus
        self.data = [terms[each].label if each in terms else each for each in value or ()]

    def process_formdata(self, valuelist: list[str]) -> None:
        """Split what was typed into wordings, each kept once.

        Raises:
            ValueError: There are too many, or one is too long to be a name.
        """
        wordings: dict[str, str] = {}
        for text in valuelist:
            for wording in self._split(text):
                wordings.setdefault(wording.casefold(), wording)
        self.data = list(wordings.values())
        if len(self.data) > self._most:
            raise ValueError(_("Enter %(most)s or fewer, the most important", most=self._most))
        if any(len(wording) > WORDING_MAX_LENGTH for wording in self.data):
            raise ValueError(_("Put each one on its own line, in a few words"))

    def _split(self, text: str) -> list[str]:
        """Split at line ends, then at commas and semicolons unless the line is one known term."""
        wordings: list[str] = []
        for line in (each.strip(" \t,;") for each in text.splitlines()):
            is_one = self.thesaurus.resolve(line) is not None
            pieces = [line] if is_one else re.split(r"[,;]", line)
            wordings += [" ".join(piece.split()) for piece in pieces if piece.strip()]
        return wordings

    def known_labels(self) -> tuple[str, ...]:
        """The labels to choose from, in alphabetical order."""
        labels = (term.label for term in self.thesaurus.terms.values())
        return tuple(sorted(labels, key=str.casefold))

    def typed_lines(self) -> list[str]:
        """What stands in the box, line by line."""
        return list(self.data or ())
