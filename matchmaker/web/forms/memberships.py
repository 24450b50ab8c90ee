"""The forms of inviting somebody to an organisation, and of joining it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import MembershipRole
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import EmailField, RadioField, SelectChoice, SubmitField


class InviteForm(Form):
    """Whom to invite, and what they may do."""

    email = EmailField(
        _l("Their work e-mail address"),
        [InputRequired(_l("Enter their e-mail address"))],
        hint=_l("We send them a link that works for 14 days."),
        autocomplete="off",
    )
    role = RadioField(
        _l("What may they do?"),
        [InputRequired(_l("Choose what they may do"))],
        choices=[
            SelectChoice(
                MembershipRole.EDITOR.value,
                _l("Change the pages and answer introductions"),
            ),
            SelectChoice(
                MembershipRole.OWNER.value,
                _l("The same, and invite and remove colleagues"),
            ),
        ],
    )
    submit = SubmitField(_l("Send the invitation"))


class JoinForm(Form):
    """Saying yes to an invitation."""

    submit = SubmitField(_l("Join"))
