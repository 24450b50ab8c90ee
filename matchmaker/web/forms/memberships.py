"""The forms of inviting somebody to an organisation, and of joining it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import Membership, MembershipRole
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


class LeaveForm(Form):
    """Leaving; asks who is the owner from then on, where that is not clear."""

    successor = RadioField(
        _l("Who is its owner after you?"),
        [InputRequired(_l("Choose who is its owner after you"))],
        hint=_l("They are told. An owner can also invite and remove colleagues."),
        coerce=int,
    )
    submit = SubmitField(_l("Leave"), kind="warning")

    def offer(self, colleagues: Sequence[Membership]) -> None:
        """Let one of these be chosen; with none, ask nothing."""
        if not colleagues:
            del self.successor
            return
        self.successor.choices = [SelectChoice(each.id, each.user.name) for each in colleagues]


class JoinForm(Form):
    """Saying yes to an invitation."""

    submit = SubmitField(_l("Join"))
