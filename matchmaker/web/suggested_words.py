"""Words somebody may begin with: links on a page put them into its box, where they can be edited.

They are taken by their number (`?words=2`), so that an address can put nothing else there.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from flask import request
from flask_babel import lazy_gettext as _l

from matchmaker.models import Side
from matchmaker.web.forms.fields import TextAreaField

# By the side that writes them.
PURPOSES = MappingProxyType(
    {
        Side.PROFESSIONAL: (
            _l("I would like to tell the people I work with about your programme."),
            _l("I would like to come and see what you do, and tell my team about it."),
            _l("I would like to talk about what we could run together."),
        ),
        Side.PROGRAMME: (
            _l("We would like you to know what we offer, so that you can tell people about it."),
            _l("We would like a professional to advise us now and then."),
            _l("We would like to talk about what we could run together."),
        ),
    }
)
QUESTIONS = MappingProxyType(
    {
        Side.PROFESSIONAL: (
            _l("Who can come, and does somebody have to refer them?"),
            _l("Where and on which days do you meet, and is there a waiting list?"),
            _l("How much of my time would you hope for?"),
        ),
        Side.PROGRAMME: (
            _l("About how many people a month would you tell about us?"),
            _l("What would you like to do together first?"),
            _l("Would you like to visit us before we decide?"),
        ),
    }
)
REPLIES = (
    _l("Yes, that is possible. "),
    _l("Not at the moment, but I would like to talk about it."),
    _l("I do not know yet. I would find out before we begin."),
)


def prefill(field: TextAreaField, words: Sequence[object]) -> None:
    """Put the words that the address asks for into a box that nobody has written in yet."""
    number = request.args.get("words", "")
    if request.method == "GET" and number in {str(each) for each in range(1, len(words) + 1)}:
        field.data = str(words[int(number) - 1])
