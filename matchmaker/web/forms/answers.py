"""Forms of those who are asked: saying no, naming a colleague, asking first, and replying."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from matchmaker.models import DeclineReason, Programme
from matchmaker.services.questions import QUESTION_MAX_LENGTH
from matchmaker.web.forms.fields import (
    EmailField,
    RadioField,
    SelectChoice,
    SubmitField,
    TextAreaField,
)
from matchmaker.web.forms.introductions import ActForm

DECLINE_REASONS = {
    DeclineReason.NOT_NOW: _l("Not now. You may suggest it again in three months"),
    DeclineReason.NOT_A_FIT: _l("Not for us: it is not what we do or need"),
    DeclineReason.NO_TIME: _l("We have no time for it"),
    DeclineReason.TOO_FAR: _l("It is too far away"),
    DeclineReason.ALREADY_IN_TOUCH: _l("We are in touch already"),
    DeclineReason.OTHER: _l("Something else"),
}


class DeclineForm(ActForm):
    """Saying no."""

    reason = RadioField(
        _l("Why not?"),
        [InputRequired(_l("Choose the reason that comes closest"))],
        hint=_l("This stays private. The other side reads only that it was not taken forward."),
        choices=[SelectChoice(str(value), label) for value, label in DECLINE_REASONS.items()],
    )
    note = TextAreaField(
        _l("Anything that would help us suggest better"),
        optional=True,
        rows=3,
        counted_length=500,
    )
    submit = SubmitField(_l("Say no"), kind="secondary")


class OtherProgrammeForm(ActForm):
    """Saying no for a programme, and naming another one of the same organisation."""

    passed_to = RadioField(
        _l("Which programme could they ask instead?"),
        [InputRequired(_l("Choose the programme they could ask instead"))],
        hint=_l("They read its name and can ask there at once."),
        coerce=int,
    )
    submit = SubmitField(_l("Say no and name this programme"))

    def offer(self, programmes: Iterable[Programme]) -> None:
        """Let one of these be chosen."""
        self.passed_to.choices = [SelectChoice(each.id, each.name) for each in programmes]


class ColleagueForm(ActForm):
    """Saying no for oneself, and showing the programme to a colleague."""

    colleague_email = EmailField(
        _l("Your colleague’s work e-mail"),  # noqa: RUF001
        [InputRequired(_l("Enter an e-mail address, like name@example.org"))],
        hint=_l(
            "They get one mail with a link to the programme’s page. It does not say who you are,"  # noqa: RUF001
            " and we do not keep the address."
        ),
    )
    submit = SubmitField(_l("Say no and tell my colleague"))


class QuestionForm(ActForm):
    """Asking something before answering."""

    body = TextAreaField(
        _l("What would you like to know first?"),
        hint=_l(
            "You do not know each other yet, so leave out names, telephone numbers and addresses."
        ),
        rows=4,
        counted_length=QUESTION_MAX_LENGTH,
    )
    submit = SubmitField(_l("Ask the question"))


class ReplyForm(ActForm):
    """Replying to a question."""

    body = TextAreaField(
        _l("Your reply"),
        hint=_l(
            "You do not know each other yet, so leave out names, telephone numbers and addresses."
        ),
        rows=4,
        counted_length=QUESTION_MAX_LENGTH,
    )
    submit = SubmitField(_l("Send the reply"))
