"""What can be chosen as an answer, in its order, and how it is worded."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from matchmaker.models import QuestionKind, SurveyQuestion, SurveySection

UNKNOWN = "unknown"

# From the lowest to the highest: who moves along these has changed.
STEPS: Mapping[QuestionKind, tuple[str, ...]] = MappingProxyType(
    {
        QuestionKind.SCALE: ("1", "2", "3", "4", "5"),
        QuestionKind.HOW_MANY: ("none", "1-2", "3-5", "6-10", "more"),
        QuestionKind.HOW_OFTEN: ("never", "rarely", "quarterly", "monthly", "weekly"),
        QuestionKind.TEXT: (),
    }
)
BANDS: Mapping[str, LazyString] = MappingProxyType(
    {
        "none": _l("None"),
        "1-2": _l("1 or 2"),
        "3-5": _l("3 to 5"),
        "6-10": _l("6 to 10"),
        "more": _l("More than 10"),
        "never": _l("Never"),
        "rarely": _l("Less than once in 3 months"),
        "quarterly": _l("About once in 3 months"),
        "monthly": _l("About once a month"),
        "weekly": _l("Every week or more"),
        UNKNOWN: _l("I do not know"),
    }
)
KINDS: Mapping[QuestionKind, LazyString] = MappingProxyType(
    {
        QuestionKind.SCALE: _l("From 1 to 5"),
        QuestionKind.HOW_MANY: _l("How many"),
        QuestionKind.HOW_OFTEN: _l("How often"),
        QuestionKind.TEXT: _l("In their own words"),
    }
)
SECTIONS: Mapping[SurveySection, LazyString] = MappingProxyType(
    {
        SurveySection.ACTIVITY: _l("What you did"),
        SurveySection.PARTNERSHIP: _l("How you see working together"),
        SurveySection.WORKS: _l("What works well?"),
        SurveySection.HINDERS: _l("What gets in the way?"),
        SurveySection.WOULD_HELP: _l("What would help?"),
    }
)


def choices_of(kind: QuestionKind) -> tuple[str, ...]:
    """Everything that can be chosen; nothing where words are asked for."""
    return (*STEPS[kind], UNKNOWN) if STEPS[kind] else ()


def step_of(kind: QuestionKind, choice: str) -> int | None:
    """How far up a choice is, from 0; None for somebody who does not know."""
    return STEPS[kind].index(choice) if choice in STEPS[kind] else None


def label_of(question: SurveyQuestion, choice: str) -> str:
    """A choice in words; the ends of a scale say what they mean."""
    if question.kind is not QuestionKind.SCALE or choice == UNKNOWN:
        return str(BANDS[choice])
    ends = {"1": question.low_label, "5": question.high_label}
    end = ends.get(choice, "")
    return f"{choice}: {end}" if end else choice
