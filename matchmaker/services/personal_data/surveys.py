"""Surveys: prepared, and answered under a key."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.models import SurveyAnswer, SurveyInvitation, SurveyResponse, SurveyWave
from matchmaker.services.personal_data.part import WHEN, Part
from matchmaker.services.surveys.keys import person_key

SURVEY = _l("Survey")

SURVEYS: tuple[Part, ...] = (
    Part(
        "surveys_prepared",
        _l("Surveys you prepared"),
        SurveyWave,
        lambda person: SurveyWave.created_by_user_id == person.user_id,
        {"title": SURVEY, "area_code": _l("Area"), "created_at": WHEN},
    ),
    Part(
        "surveys_asked",
        _l("Surveys you were asked to answer"),
        SurveyInvitation,
        lambda person: SurveyInvitation.user_id == person.user_id,
        {
            "wave_id": SURVEY,
            "has_answered": _l("You have answered"),
            "mailed_at": _l("Invited"),
            "reminded_at": _l("Reminded"),
        },
    ),
    Part(
        "surveys_begun",
        _l("Surveys you began to answer"),
        SurveyResponse,
        lambda person: SurveyResponse.person_key == person_key(person.user_id),
        {"wave_id": SURVEY, "is_sent": _l("You have sent your answers")},
    ),
    Part(
        "survey_answers",
        _l("What you answered in surveys"),
        SurveyAnswer,
        lambda person: SurveyAnswer.person_key == person_key(person.user_id),
        {
            "wave_id": SURVEY,
            "question_id": _l("Question"),
            "choice": _l("Your choice"),
            "text": _l("In your words"),
            "may_quote": _l("Your words may be quoted"),
            "is_quoted": _l("Your words are quoted"),
        },
    ),
)
