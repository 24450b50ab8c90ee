"""The tables, one entity a file; importing this package makes every table known."""

from matchmaker.models.audit_event import AuditEvent
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
    Waiting,
)
from matchmaker.models.link_token import LinkPurpose, LinkToken
from matchmaker.models.organisation import (
    Membership,
    MembershipRole,
    Organisation,
    OrganisationKind,
)
from matchmaker.models.outbox_mail import OutboxMail
from matchmaker.models.outcode import Outcode
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
from matchmaker.models.suggestion import Dismissal, DismissalKind, ShownSuggestion
from matchmaker.models.throttle import ThrottleCount
from matchmaker.models.user import LeadScope, User
from matchmaker.models.user_session import UserSession

__all__ = [
    "OLDEST_AGE",
    "Answer",
    "AuditEvent",
    "DeclineReason",
    "Delivery",
    "Dismissal",
    "DismissalKind",
    "EndReason",
    "Introduction",
    "IntroductionMessage",
    "IntroductionState",
    "LeadScope",
    "LinkPurpose",
    "LinkToken",
    "Membership",
    "MembershipRole",
    "MoveNotAllowed",
    "Organisation",
    "OrganisationKind",
    "OutboxMail",
    "Outcode",
    "Outcome",
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
    "Setting",
    "ShownSuggestion",
    "Side",
    "TermField",
    "TermSide",
    "ThrottleCount",
    "User",
    "UserSession",
    "Waiting",
]
