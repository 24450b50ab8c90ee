"""Why two cannot be introduced at present, in a sentence for whoever asks."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    Introduction,
    IntroductionState,
    Professional,
    Programme,
    ProgrammeStatus,
    Proposer,
)
from matchmaker.services import blocks
from matchmaker.services.clock import london_date, long_date
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import may_be_found

# After a no the two rest: only whoever said no may ask again before.
REST_AFTER_NO = timedelta(days=90)


def refuse_if_hindered(
    professional: Professional, programme: Programme, *, proposed_by: Proposer, now: datetime
) -> None:
    """Refuse an introduction that `proposed_by` would like and that cannot be at present.

    Raises:
        DomainError: Somebody takes none, the two are kept apart, or they rest after a no.
    """
    if not programme.is_published or programme.status is ProgrammeStatus.CLOSED:
        raise DomainError(_("This programme is closed, so nobody can be introduced to it."))
    if programme.status is ProgrammeStatus.PAUSED:
        raise DomainError(_("This programme takes no introductions at the moment."))
    if proposed_by is not Proposer.PROFESSIONAL and not may_be_found(professional):
        raise DomainError(_("This professional takes no introductions at the moment."))
    if not professional.is_available:
        raise DomainError(
            _("Your profile says that you are away. Change that first, then you can ask.")
        )
    blocks.refuse_if_apart(professional, programme.organisation, proposed_by=proposed_by)
    _refuse_while_they_rest(professional, programme, proposed_by=proposed_by, now=now)


def _refuse_while_they_rest(
    professional: Professional, programme: Programme, *, proposed_by: Proposer, now: datetime
) -> None:
    """After a no, let only whoever said it ask again before the rest is over."""
    no_of_another = {
        Proposer.PROFESSIONAL: Introduction.programme_answer == Answer.NO,
        Proposer.PROGRAMME: Introduction.professional_answer == Answer.NO,
        Proposer.LEAD: Introduction.state == IntroductionState.DECLINED,
    }[proposed_by]
    said_no_at = db.session.scalar(
        select(func.max(Introduction.closed_at)).where(
            Introduction.professional_id == professional.id,
            Introduction.programme_id == programme.id,
            no_of_another,
        )
    )
    # Whole days in London, because the sentence names a day.
    if said_no_at is None or london_date(now) >= london_date(said_no_at + REST_AFTER_NO):
        return
    if proposed_by is Proposer.LEAD:
        # That one of the two said no is theirs to know.
        raise DomainError(_("These two cannot be introduced to each other at the moment."))
    raise DomainError(
        _(
            "An introduction between you was not taken forward. You can ask again from %(day)s.",
            day=long_date(said_no_at + REST_AFTER_NO),
        )
    )
