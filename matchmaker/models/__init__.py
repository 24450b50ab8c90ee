"""The tables, one entity a file; importing this package makes every table known."""

from matchmaker.models.audit_event import AuditEvent
from matchmaker.models.block import Block
from matchmaker.models.check_in import CameOfIt, CheckIn, Going, WouldHelp
from matchmaker.models.email_change import EmailChange
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
    Programme,
    ProgrammeArea,
    ProgrammeMonth,
    ProgrammeProfession,
    ProgrammeStatus,
    ProgrammeTerm,
)
from matchmaker.models.reflection import Reflection
from matchmaker.models.report import Report, ReportReason, ReportResolution
from matchmaker.models.suggestion import Dismissal, DismissalKind, ShownSuggestion
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
    "DeclineReason",
    "Delivery",
    "Dismissal",
    "DismissalKind",
    "EmailChange",
    "EndReason",
    "Going",
    "Introduction",
    "IntroductionMessage",
    "IntroductionQuestion",
    "IntroductionState",
    "LeadScope",
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
    "Professional",
    "ProfessionalArea",
    "ProfessionalTerm",
    "Programme",
    "ProgrammeArea",
    "ProgrammeMonth",
    "ProgrammeProfession",
    "ProgrammeStatus",
    "ProgrammeTerm",
    "Proposer",
    "Reflection",
    "Report",
    "ReportReason",
    "ReportResolution",
    "Setting",
    "ShownSuggestion",
    "Side",
    "SupersededReason",
    "TermField",
    "TermSide",
    "ThrottleCount",
    "User",
    "UserSession",
    "Waiting",
    "WouldHelp",
]
