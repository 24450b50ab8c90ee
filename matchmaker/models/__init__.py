"""The tables, one entity a file; importing this package makes every table known."""

from matchmaker.models.audit_event import AuditEvent
from matchmaker.models.block import Block
from matchmaker.models.check_in import CameOfIt, CheckIn, Going, WouldHelp
from matchmaker.models.claim import Claim, ClaimState
from matchmaker.models.email_change import EmailChange
from matchmaker.models.evidence import EvidenceCounts, EvidenceReport
from matchmaker.models.help_request import HelpRequest, HelpState
from matchmaker.models.imported import (
    ImportDraft,
    ImportedRecord,
    ImportSource,
    SourceFormat,
)
from matchmaker.models.introduction import (
    Answer,
    DeclineReason,
    EndReason,
    Introduction,
    IntroductionMessage,
    IntroductionState,
    MoveNotAllowed,
    Outcome,
    Proposer,
    Side,
    SupersededReason,
    Waiting,
)
from matchmaker.models.introduction_question import IntroductionQuestion
from matchmaker.models.link_token import LinkPurpose, LinkToken
from matchmaker.models.muted_notification import MutedNotification, NotificationKind
from matchmaker.models.organisation import (
    Membership,
    MembershipRole,
    Organisation,
    OrganisationKind,
)
from matchmaker.models.outbox_mail import OutboxMail
from matchmaker.models.outcode import Outcode
from matchmaker.models.outside_contact import OutsideContact
from matchmaker.models.pack_subscription import PackFrequency, PackSubscription
from matchmaker.models.possible_duplicate import DuplicateDecision, Likeness, PossibleDuplicate
from matchmaker.models.practice_example import (
    ExampleState,
    PracticeExample,
    PracticeExampleTerm,
)
from matchmaker.models.professional import (
    OLDEST_AGE,
    Delivery,
    Professional,
    ProfessionalArea,
    ProfessionalTerm,
    Setting,
    TermField,
    TermSide,
)
from matchmaker.models.programme import (
    Frequency,
    Programme,
    ProgrammeArea,
    ProgrammeLocation,
    ProgrammeMonth,
    ProgrammeProfession,
    ProgrammeSchedule,
    ProgrammeStatus,
    ProgrammeTerm,
)
from matchmaker.models.programme_edit import EditState, ProgrammeEdit
from matchmaker.models.reflection import Reflection
from matchmaker.models.register_check import CheckState, RegisterCheck
from matchmaker.models.report import Report, ReportReason, ReportResolution
from matchmaker.models.saved_list import SavedList, SavedListEntry
from matchmaker.models.statistics import StatisticCount, StatisticFigure, StatisticsRelease
from matchmaker.models.suggestion import Dismissal, DismissalKind, ShownSuggestion
from matchmaker.models.supply_count import SupplyCount
from matchmaker.models.survey import (
    QuestionKind,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveySection,
    SurveyTheme,
    SurveyWave,
    WaveState,
)
from matchmaker.models.throttle import ThrottleCount
from matchmaker.models.user import LeadScope, User
from matchmaker.models.user_session import UserSession

__all__ = [
    "OLDEST_AGE",
    "Answer",
    "AuditEvent",
    "Block",
    "CameOfIt",
    "CheckIn",
    "CheckState",
    "Claim",
    "ClaimState",
    "DeclineReason",
    "Delivery",
    "Dismissal",
    "DismissalKind",
    "DuplicateDecision",
    "EditState",
    "EmailChange",
    "EndReason",
    "EvidenceCounts",
    "EvidenceReport",
    "ExampleState",
    "Frequency",
    "Going",
    "HelpRequest",
    "HelpState",
    "ImportDraft",
    "ImportSource",
    "ImportedRecord",
    "Introduction",
    "IntroductionMessage",
    "IntroductionQuestion",
    "IntroductionState",
    "LeadScope",
    "Likeness",
    "LinkPurpose",
    "LinkToken",
    "Membership",
    "MembershipRole",
    "MoveNotAllowed",
    "MutedNotification",
    "NotificationKind",
    "Organisation",
    "OrganisationKind",
    "OutboxMail",
    "Outcode",
    "Outcome",
    "OutsideContact",
    "PackFrequency",
    "PackSubscription",
    "PossibleDuplicate",
    "PracticeExample",
    "PracticeExampleTerm",
    "Professional",
    "ProfessionalArea",
    "ProfessionalTerm",
    "Programme",
    "ProgrammeArea",
    "ProgrammeEdit",
    "ProgrammeLocation",
    "ProgrammeMonth",
    "ProgrammeProfession",
    "ProgrammeSchedule",
    "ProgrammeStatus",
    "ProgrammeTerm",
    "Proposer",
    "QuestionKind",
    "Reflection",
    "RegisterCheck",
    "Report",
    "ReportReason",
    "ReportResolution",
    "SavedList",
    "SavedListEntry",
    "Setting",
    "ShownSuggestion",
    "Side",
    "SourceFormat",
    "StatisticCount",
    "StatisticFigure",
    "StatisticsRelease",
    "SupersededReason",
    "SupplyCount",
    "SurveyAnswer",
    "SurveyInvitation",
    "SurveyQuestion",
    "SurveyResponse",
    "SurveySection",
    "SurveyTheme",
    "SurveyWave",
    "TermField",
    "TermSide",
    "ThrottleCount",
    "User",
    "UserSession",
    "Waiting",
    "WaveState",
    "WouldHelp",
]
