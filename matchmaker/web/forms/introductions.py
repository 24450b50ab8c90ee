"""Forms around an introduction: asking, answering, writing, agreeing and closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import EndReason, Outcome
from matchmaker.services.introductions import PURPOSE_MAX_LENGTH
from matchmaker.services.partnerships import AGREEMENT_MAX_LENGTH, MESSAGE_MAX_LENGTH
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.fields import (
    DateField,
    HiddenField,
    RadioField,
    SelectChoice,
    SubmitField,
    TextAreaField,
    VersionField,
)

END_REASONS = {
    EndReason.NO_CONTACT: _l("We never really got in touch"),
    EndReason.CHANGED_ROLE: _l("Somebody changed their job or role"),
    EndReason.FUNDING_ENDED: _l("The funding ended"),
    EndReason.NOT_A_FIT: _l("It turned out not to fit"),
    EndReason.OTHER: _l("Something else"),
}
OUTCOMES = {
    Outcome.ACHIEVED: _l("We did what we set out to do"),
    Outcome.PARTLY: _l("We did some of it"),
    Outcome.NOT_ACHIEVED: _l("It did not work out"),
}


def _choices(labels: Mapping[Any, object]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in labels.items()]


class ProposeForm(Form):
    """Asking to be introduced."""

    purpose = TextAreaField(
        _l("What would you like to do together?"),
        hint=_l(
            "A sentence or two in your own words. The other side reads this before they answer,"
            " so leave out your name and anything about a patient."
        ),
        rows=5,
        counted_length=PURPOSE_MAX_LENGTH,
    )
    submit = SubmitField(_l("Ask for an introduction"))


class ActForm(Form):
    """A button that acts for one side; `side` matters to somebody who is on both."""

    side = HiddenField()


class MessageForm(ActForm):
    """Writing to the other side; `seen` is the newest message on the page."""

    seen = VersionField()
    body = TextAreaField(
        _l("Write a message"),
        hint=_l("Never write anything about a patient, not even initials."),
        rows=5,
        counted_length=MESSAGE_MAX_LENGTH,
    )
    submit = SubmitField(_l("Send message"))


class AgreementForm(ActForm):
    """What the two have agreed."""

    version = VersionField()
    shared_purpose = TextAreaField(
        _l("What do you both want to achieve?"),
        optional=True,
        rows=3,
        counted_length=AGREEMENT_MAX_LENGTH,
    )
    next_step = TextAreaField(
        _l("What happens next?"),
        optional=True,
        hint=_l("For example: visit the Thursday group together"),
        rows=2,
        counted_length=AGREEMENT_MAX_LENGTH,
    )
    next_step_on = DateField(_l("When?"), optional=True, hint=_l("For example, 27 3 2027"))
    submit = SubmitField(_l("Save what was agreed"))


class CompleteForm(ActForm):
    """Saying that it is done."""

    outcome = RadioField(
        _l("What came of it?"),
        [InputRequired(_l("Choose what came of it"))],
        choices=_choices(OUTCOMES),
    )
    note = TextAreaField(
        _l("What changed?"),
        optional=True,
        hint=_l("For the people or for your services. Nothing about a single patient, please."),
        rows=4,
        counted_length=AGREEMENT_MAX_LENGTH,
    )
    submit = SubmitField(_l("Mark as completed"))


class EndForm(ActForm):
    """Saying that it has ended."""

    reason = RadioField(
        _l("Why has it ended?"),
        [InputRequired(_l("Choose the reason that comes closest"))],
        choices=_choices(END_REASONS),
    )
    note = TextAreaField(
        _l("Anything others could learn from"),
        optional=True,
        rows=3,
        counted_length=AGREEMENT_MAX_LENGTH,
    )
    submit = SubmitField(_l("Mark as ended"), kind="secondary")
