"""The questions that every area can begin with. Nothing in them is about patients.

Both sides answer the same questions, so each is worded for both: "the other side" is explained at
the top of every page that asks.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from matchmaker.models import QuestionKind, SurveyQuestion, SurveySection


@dataclass(frozen=True, slots=True)
class Asked:
    """A question before it belongs to a wave."""

    key: str
    section: SurveySection
    kind: QuestionKind
    wording: str
    low_label: str = ""
    high_label: str = ""

    @classmethod
    def of(cls, question: SurveyQuestion) -> Asked:
        """What a question of an earlier wave asked."""
        return cls(
            question.key,
            question.section,
            question.kind,
            question.wording,
            question.low_label,
            question.high_label,
        )


def baseline() -> list[Asked]:
    """The built-in questions, in their order."""
    return [*_activity(), *_partnership(), *_own_words()]


def _activity() -> list[Asked]:
    section, how_many = SurveySection.ACTIVITY, QuestionKind.HOW_MANY
    return [
        Asked(
            "activity.told",
            section,
            how_many,
            _("In the last 3 months, how many from the other side did you tell people about?"),
        ),
        Asked(
            "activity.worked",
            section,
            how_many,
            _("In the last 3 months, with how many from the other side did you work together?"),
        ),
        Asked(
            "activity.talked",
            section,
            QuestionKind.HOW_OFTEN,
            _("How often do you talk with somebody from the other side?"),
        ),
    ]


def _partnership() -> list[Asked]:
    def scale(key: str, wording: str, low: str, high: str) -> Asked:
        section = SurveySection.PARTNERSHIP
        return Asked(f"partnership.{key}", section, QuestionKind.SCALE, wording, low, high)

    return [
        scale(
            "know",
            _("How well do you know who from the other side works near you?"),
            _("Not at all"),
            _("Very well"),
        ),
        scale(
            "reach",
            _("How easy is it to reach the right person there?"),
            _("Very hard"),
            _("Very easy"),
        ),
        scale(
            "trust",
            _("How far do you trust the other side to do its part well?"),
            _("Not at all"),
            _("Completely"),
        ),
        scale(
            "valued",
            _("How much does the other side value what you do?"),
            _("Not at all"),
            _("Very much"),
        ),
        scale(
            "worth",
            _("Is working together worth the time it takes?"),
            _("Not worth it"),
            _("Well worth it"),
        ),
    ]


def _own_words() -> list[Asked]:
    headings = {
        "structures": _("Structures: how services are set up, and how news travels"),
        "funding": _("Funding and commissioning: who pays, for what, and for how long"),
        "practice": _("Practice: what people do from day to day"),
        "other": _("Anything else"),
    }
    return [
        Asked(f"{section}.{key}", section, QuestionKind.TEXT, wording)
        for section in (SurveySection.WORKS, SurveySection.HINDERS, SurveySection.WOULD_HELP)
        for key, wording in headings.items()
    ]
