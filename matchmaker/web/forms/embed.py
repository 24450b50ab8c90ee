"""What the frame on somebody's site should show."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from matchmaker.services import directory
from matchmaker.services.directory import Wishes
from matchmaker.web.forms.base import QueryForm
from matchmaker.web.forms.fields import SubmitField, TextField


class EmbedForm(QueryForm):
    """A subject and a place; both may be left out."""

    q = TextField(
        _l("What is it about?"),
        hint=_l("A condition or a few words, like “stroke” or “walking group”."),
        optional=True,
    )
    where = TextField(
        _l("Where?"),
        hint=_l("A postcode, town, council or health board."),
        optional=True,
        spellcheck=False,
    )
    submit = SubmitField(_l("Write the lines for my site"))

    def wishes(self) -> Wishes:
        """What was understood of it."""
        return directory.understand(words=self.q.data or "", where=self.where.data or "")

    def validate_where(self, _field: TextField) -> None:
        """Refuse a place that nobody knows: the frame would show the whole country."""
        if any(each.field == "where" for each in self.wishes().chosen.not_understood):
            raise ValidationError(_("We do not know this place. Try a town or a postcode"))
