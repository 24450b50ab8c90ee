"""What people do not get when they ask what is held about them, and why.

A column that is neither here nor in one of `all_parts` fails a test.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

from matchmaker.extensions import Base
from matchmaker.models import (
    AuditEvent,
    Block,
    CheckIn,
    Claim,
    Dismissal,
    EmailChange,
    EvidenceCounts,
    EvidenceReport,
    HelpRequest,
    ImportDraft,
    ImportedRecord,
    ImportSource,
    Introduction,
    IntroductionMessage,
    IntroductionQuestion,
    LeadScope,
    LinkToken,
    Membership,
    MutedNotification,
    Organisation,
    OutboxMail,
    Outcode,
    OutsideContact,
    PackSubscription,
    PossibleDuplicate,
    PracticeExample,
    PracticeExampleTerm,
    Professional,
    ProfessionalArea,
    ProfessionalTerm,
    Programme,
    ProgrammeArea,
    ProgrammeEdit,
    ProgrammeLocation,
    ProgrammeMonth,
    ProgrammeProfession,
    ProgrammeSchedule,
    ProgrammeTerm,
    Reflection,
    RegisterCheck,
    Report,
    SavedList,
    SavedListEntry,
    ShownSuggestion,
    StatisticCount,
    StatisticFigure,
    StatisticsRelease,
    SupplyCount,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyTheme,
    SurveyWave,
    ThrottleCount,
    User,
    UserSession,
)


class LeftOut(enum.Enum):
    """Why a column is not given to the person."""

    NUMBER = "it only joins one row to another"
    SECRET = "it would let somebody act in the person's name"  # noqa: S105 - a reason
    OF_OTHERS = "it is about somebody else, or private to them"
    INTERNAL = "it says how the machine did its work, and nothing about the person"
    NOT_PERSONAL = "it is about an organisation or a place"


_NUMBER, _INTERNAL, _OTHERS = LeftOut.NUMBER, LeftOut.INTERNAL, LeftOut.OF_OTHERS
_ABOUT_ORGANISATION = LeftOut.NOT_PERSONAL

LEFT_OUT: Mapping[type[Base], Mapping[str, LeftOut]] = MappingProxyType(
    {
        User: {"id": _NUMBER, "password_hash": LeftOut.SECRET, "erased_at": _INTERNAL},
        LeadScope: {"user_id": _NUMBER},
        UserSession: {"id": _NUMBER, "user_id": _NUMBER, "token_digest": LeftOut.SECRET},
        EmailChange: {"id": _NUMBER, "user_id": _NUMBER},
        LinkToken: dict.fromkeys(
            ("id", "user_id", "introduction_id", "organisation_id", "programme_id"), _NUMBER
        ),
        # A mail's text holds links that act in the person's name. They have the mail itself.
        OutboxMail: {
            **dict.fromkeys(("id", "user_id"), _NUMBER),
            **dict.fromkeys(("body", "html", "unsubscribe_url"), LeftOut.SECRET),
            **dict.fromkeys(
                ("dedupe_key", "message_id", "claimed_by", "claimed_until", "attempts"), _INTERNAL
            ),
        },
        MutedNotification: {"user_id": _NUMBER},
        Membership: {"id": _NUMBER, "user_id": _NUMBER},
        Organisation: dict.fromkeys(
            (
                *("id", "public_id", "kind", "registration", "description", "website", "area_code"),
                *("source", "merged_into_id"),
                *("claimed_at", "last_checked_at", "created_at", "updated_at"),
                "version",
            ),
            _ABOUT_ORGANISATION,
        ),
        Programme: dict.fromkeys(
            (
                *("id", "public_id", "organisation_id", "description", "min_age", "max_age"),
                *("delivery", "is_free", "cost", "funded_by", "website", "public_email"),
                *("public_phone", "seeks_text", "places_per_month", "status"),
                "freshness_reminders",
                *("published_at", "last_checked_at", "created_at", "updated_at", "version"),
            ),
            _ABOUT_ORGANISATION,
        ),
        Professional: {"id": _NUMBER, "user_id": _NUMBER, "version": _INTERNAL},
        ProfessionalArea: {"professional_id": _NUMBER},
        ProfessionalTerm: {"id": _NUMBER, "professional_id": _NUMBER},
        Introduction: {
            **dict.fromkeys(("professional_id", "proposer_user_id"), _NUMBER),
            **dict.fromkeys(("programme_answer", "programme_answered_at"), _OTHERS),
            **dict.fromkeys(("reminders", "version"), _INTERNAL),
        },
        IntroductionMessage: {"id": _NUMBER, "author_user_id": _NUMBER},
        IntroductionQuestion: dict.fromkeys(
            ("id", "author_user_id", "replied_by_user_id"), _NUMBER
        ),
        CheckIn: {"id": _NUMBER, "answered_by_user_id": _NUMBER},
        OutsideContact: {
            **dict.fromkeys(("recorded_by_user_id", "professional_id"), _NUMBER),
            "version": _INTERNAL,
        },
        Reflection: {"id": _NUMBER, "professional_id": _NUMBER, "version": _INTERNAL},
        PracticeExample: {
            "author_user_id": _NUMBER,
            **dict.fromkeys(
                (
                    *("professional_agreed_by_user_id", "programme_agreed_by_user_id"),
                    "reviewed_by_user_id",
                ),
                _OTHERS,
            ),
            "version": _INTERNAL,
        },
        PracticeExampleTerm: {"id": _NUMBER},
        HelpRequest: {
            **dict.fromkeys(("id", "user_id", "professional_id"), _NUMBER),
            **dict.fromkeys(("taken_by_user_id", "closed_by_user_id"), _OTHERS),
        },
        RegisterCheck: {
            **dict.fromkeys(("id", "professional_id"), _NUMBER),
            "decided_by_user_id": _OTHERS,
        },
        ShownSuggestion: {"id": _NUMBER, "professional_id": _NUMBER},
        Dismissal: {"id": _NUMBER, "professional_id": _NUMBER, "side": _INTERNAL},
        Block: {"id": _NUMBER, "created_by_user_id": _NUMBER, "professional_id": _OTHERS},
        Report: {
            **dict.fromkeys(("id", "reporter_user_id", "message_id"), _NUMBER),
            **dict.fromkeys(("resolution_note", "resolved_by_user_id"), _OTHERS),
        },
        Claim: {
            **dict.fromkeys(("id", "user_id"), _NUMBER),
            "decided_by_user_id": _OTHERS,
        },
        ProgrammeEdit: {
            **dict.fromkeys(("id", "author_user_id"), _NUMBER),
            **dict.fromkeys(("decided_by_user_id", "note"), _OTHERS),
            **dict.fromkeys(("based_on_version", "version"), _INTERNAL),
        },
        ImportDraft: {
            **dict.fromkeys(("id", "user_id"), _NUMBER),
            "content": _ABOUT_ORGANISATION,
            "choices": _INTERNAL,
        },
        SavedList: {"user_id": _NUMBER},
        SavedListEntry: {"id": _NUMBER},
        PackSubscription: {"user_id": _NUMBER},
        SurveyWave: {
            **dict.fromkeys(("id", "created_by_user_id", "compared_with_id"), _NUMBER),
            **dict.fromkeys(
                (
                    *("introduction", "state", "opened_at", "closes_on", "reminded_at"),
                    *("closed_at", "themes_found_at", "figures"),
                ),
                _ABOUT_ORGANISATION,
            ),
            **dict.fromkeys(("key_mark", "version"), _INTERNAL),
        },
        SurveyInvitation: {"user_id": _NUMBER},
        SurveyResponse: {"person_key": _NUMBER},
        SurveyAnswer: dict.fromkeys(("id", "person_key", "theme_id"), _NUMBER),
        AuditEvent: dict.fromkeys(("id", "actor_user_id", "subject_id"), _NUMBER),
    }
)

# Tables without anything about a person. Tries are counted under keyed digests, for a day; figures
# are sums.
IMPERSONAL = frozenset(
    {
        EvidenceCounts,
        EvidenceReport,
        ImportSource,
        ImportedRecord,
        Outcode,
        PossibleDuplicate,
        ProgrammeArea,
        ProgrammeLocation,
        ProgrammeMonth,
        ProgrammeProfession,
        ProgrammeSchedule,
        ProgrammeTerm,
        StatisticCount,
        StatisticFigure,
        StatisticsRelease,
        SupplyCount,
        SurveyQuestion,
        SurveyTheme,
        ThrottleCount,
    }
)
