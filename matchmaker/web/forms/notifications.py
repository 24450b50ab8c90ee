"""Which mails somebody wants, and when."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import lazy_gettext as _l

from matchmaker.models import NotificationKind, User
from matchmaker.services.notifications import QuietHours
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    CheckboxesField,
    CheckboxField,
    SelectChoice,
    SelectField,
    SubmitField,
)

KINDS = {
    NotificationKind.REQUESTS: (
        _l("Requests"),
        _l("Somebody would like to be introduced to you, or has a question first."),
    ),
    NotificationKind.REMINDERS: (
        _l("Reminders"),
        _l("You have not answered yet, and time is running out."),
    ),
    NotificationKind.MESSAGES: (
        _l("Messages"),
        _l("Somebody you have been introduced to has written to you."),
    ),
    NotificationKind.PROGRESS: (
        _l("News of your introductions"),
        _l("What becomes of those you asked for, and of those under way."),
    ),
    NotificationKind.CHECK_INS: (
        _l("How is it going?"),
        _l("Three short questions, 3, 6 and 12 months after an introduction."),
    ),
    NotificationKind.FRESHNESS: (
        _l("Is it still right?"),
        _l("An entry of your organisation has not been checked for a while."),
    ),
    NotificationKind.EDITS: (
        _l("Changes to look at"),
        _l("A colleague changed a programme, or an owner decided about your change."),
    ),
    NotificationKind.EXAMPLES: (
        _l("Practice examples"),
        _l("The other side wrote or changed what you tell together, or a lead has read it."),
    ),
    NotificationKind.SURVEYS: (
        _l("Surveys"),
        _l("A lead asks how working together goes, and would like to know what you think."),
    ),
    NotificationKind.DIGEST: (
        _l("Monday mail"),
        _l("What waits for you and who is new, once a week at most."),
    ),
    NotificationKind.FIGURES: (
        _l("New figures"),
        _l("The figures of an area you chose have been published. Only for leads."),
    ),
}
HOURS = [SelectChoice(str(hour), f"{hour:02}:00") for hour in range(24)]
# What is offered to somebody who has switched quiet hours off.
USUAL_FROM, USUAL_UNTIL = 20, 7


class NotificationsForm(Form):
    """The kinds of mail, and the quiet hours."""

    wanted = CheckboxesField(
        _l("Which mails would you like?"),
        hint=_l("What happens is always shown on this site, too."),
        label_size="m",
        choices=[
            SelectChoice(kind.value, label, {"hint": hint}) for kind, (label, hint) in KINDS.items()
        ],
    )
    has_quiet_hours = CheckboxField(
        _l("Send me no mail in quiet hours"),
        hint=_l("What can wait is sent afterwards. Links you have just asked for come at once."),
    )
    quiet_from = SelectField(_l("Quiet from"), choices=HOURS)
    quiet_until = SelectField(_l("Until"), choices=HOURS)
    submit = SubmitField(_l("Save"))

    @staticmethod
    def answers_of(user: User, muted: Collection[NotificationKind]) -> dict[str, object]:
        """What the form shows before anything is changed."""
        has_hours = user.quiet_from_hour is not None
        return {
            "wanted": [kind.value for kind in NotificationKind if kind not in muted],
            "has_quiet_hours": has_hours,
            "quiet_from": str(user.quiet_from_hour if has_hours else USUAL_FROM),
            "quiet_until": str(user.quiet_until_hour if has_hours else USUAL_UNTIL),
        }

    @property
    def kinds(self) -> set[NotificationKind]:
        """The kinds that were ticked."""
        return {NotificationKind(value) for value in self.wanted.data}

    @property
    def quiet_hours(self) -> QuietHours | None:
        """The hours that were chosen, if any."""
        if not self.has_quiet_hours.data:
            return None
        return QuietHours(int(self.quiet_from.data), int(self.quiet_until.data))
