"""Running a survey, and answering one."""

from __future__ import annotations

from matchmaker.models import SurveyInvitation, SurveyQuestion, SurveyTheme, SurveyWave
from matchmaker.services.policy.actors import Actor
from matchmaker.services.policy.areas import looks_after


def run_survey(actor: Actor, subject: object) -> bool:
    """A lead of the area that is asked, or of one around it."""
    if isinstance(subject, SurveyTheme):
        subject = subject.question
    if isinstance(subject, SurveyQuestion):
        subject = subject.wave
    return isinstance(subject, SurveyWave) and looks_after(actor, subject.area_code)


def answer_survey(actor: Actor, subject: object) -> bool:
    """Whoever was invited."""
    return isinstance(subject, SurveyInvitation) and subject.user_id == actor.user_id
