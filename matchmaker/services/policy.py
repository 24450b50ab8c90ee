"""Who may do what: one function decides, from the actor, the action and the thing acted on.

Every view declares one of these actions (see `matchmaker.web.access`), and services and templates
ask the same function, so that a button never shows what the server would refuse.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from matchmaker.models import (
    Block,
    CheckIn,
    Claim,
    HelpRequest,
    ImportDraft,
    ImportedRecord,
    Introduction,
    IntroductionMessage,
    Membership,
    MembershipRole,
    Organisation,
    OutsideContact,
    PossibleDuplicate,
    PracticeExample,
    Professional,
    Programme,
    ProgrammeEdit,
    RegisterCheck,
    SavedList,
    Side,
    SurveyInvitation,
    SurveyQuestion,
    SurveyTheme,
    SurveyWave,
    User,
    UserSession,
)
from matchmaker.vocabulary import load_vocabulary


class Action(enum.StrEnum):
    """What somebody may want to do."""

    VIEW_PUBLIC = "view_public"
    USE_DEVELOPMENT_TOOLS = "use_development_tools"
    USE_OWN_ACCOUNT = "use_own_account"
    START_PROFILE = "start_profile"
    EDIT_PROFILE = "edit_profile"
    SEE_OWN_SUGGESTIONS = "see_own_suggestions"
    VIEW_PROGRAMME = "view_programme"
    REGISTER_ORGANISATION = "register_organisation"
    EDIT_ORGANISATION = "edit_organisation"
    MANAGE_MEMBERS = "manage_members"
    LEAVE_ORGANISATION = "leave_organisation"
    CLAIM_ORGANISATION = "claim_organisation"
    REVIEW_CLAIM = "review_claim"
    WITHDRAW_CLAIM = "withdraw_claim"
    EDIT_PROGRAMME = "edit_programme"
    VIEW_EDITS = "view_edits"
    DECIDE_EDIT = "decide_edit"
    WITHDRAW_EDIT = "withdraw_edit"
    PROPOSE_TO_PROGRAMME = "propose_to_programme"
    PROPOSE_FOR_PROGRAMME = "propose_for_programme"
    PROPOSE_BETWEEN = "propose_between"
    SEE_IN_SCOPE = "see_in_scope"
    VIEW_INTRODUCTION = "view_introduction"
    ANSWER_INTRODUCTION = "answer_introduction"
    WITHDRAW_INTRODUCTION = "withdraw_introduction"
    WORK_ON_INTRODUCTION = "work_on_introduction"
    ANSWER_CHECK_IN = "answer_check_in"
    KEEP_CONTACTS = "keep_contacts"
    REFLECT = "reflect"
    LEAD = "lead"
    SEE_UNCLAIMED_REQUESTS = "see_unclaimed_requests"
    INVITE_ORGANISATION = "invite_organisation"
    RUN_SURVEY = "run_survey"
    ANSWER_SURVEY = "answer_survey"
    ADMINISTER = "administer"
    END_SESSION = "end_session"
    IMPORT = "import"
    IMPORT_OWN_PROGRAMMES = "import_own_programmes"
    FINISH_IMPORT = "finish_import"
    SEE_CONFLICTS = "see_conflicts"
    DECIDE_CONFLICT = "decide_conflict"
    DECIDE_DUPLICATE = "decide_duplicate"
    BLOCK_ORGANISATION = "block_organisation"
    BLOCK_OTHER_SIDE = "block_other_side"
    UNDO_BLOCK = "undo_block"
    REPORT_MESSAGE = "report_message"
    TELL_EXAMPLE = "tell_example"
    REVIEW_EXAMPLES = "review_examples"
    REVIEW_EXAMPLE = "review_example"
    ASK_FOR_HELP = "ask_for_help"
    USE_OWN_HELP_REQUEST = "use_own_help_request"
    SEE_HELP_REQUESTS = "see_help_requests"
    ANSWER_HELP_REQUEST = "answer_help_request"
    CHECK_REGISTRATION = "check_registration"
    USE_LIST = "use_list"


@dataclass(frozen=True, slots=True)
class Actor:
    """What of a person the rules look at. `ANONYMOUS` is someone who has not signed in."""

    user_id: int | None = None
    professional_id: int | None = None
    owned_organisation_ids: frozenset[int] = frozenset()
    edited_organisation_ids: frozenset[int] = frozenset()
    lead_area_codes: frozenset[str] = frozenset()
    is_administrator: bool = False

    @property
    def organisation_ids(self) -> frozenset[int]:
        """Organisations the person belongs to, in either role."""
        return self.owned_organisation_ids | self.edited_organisation_ids

    @property
    def is_signed_in(self) -> bool:
        """Whether this is somebody we know."""
        return self.user_id is not None

    @property
    def is_lead(self) -> bool:
        """Whether the person looks after an area."""
        return bool(self.lead_area_codes)


@dataclass(frozen=True, slots=True)
class Pairing:
    """A professional and a programme that somebody would like to introduce."""

    professional: Professional
    programme: Programme


@dataclass(frozen=True, slots=True)
class HelpCase:
    """A request for help; `has_lead` says whether anybody looks after its area."""

    request: HelpRequest
    has_lead: bool


ANONYMOUS = Actor()


def actor_for(user: User | None) -> Actor:
    """Gather what the rules look at, from a user's rows."""
    if user is None:
        return ANONYMOUS
    return Actor(
        user_id=user.id,
        professional_id=None if user.professional is None else user.professional.id,
        owned_organisation_ids=_organisations(user.memberships, MembershipRole.OWNER),
        edited_organisation_ids=_organisations(user.memberships, MembershipRole.EDITOR),
        lead_area_codes=frozenset(scope.area_code for scope in user.lead_scopes),
        is_administrator=user.is_administrator,
    )


def _organisations(memberships: list[Membership], role: MembershipRole) -> frozenset[int]:
    return frozenset(each.organisation_id for each in memberships if each.role is role)


def sides_of(actor: Actor, introduction: Introduction) -> frozenset[Side]:
    """The sides of `introduction` the person may speak for (both, for someone with two hats)."""
    sides = set()
    if actor.professional_id is not None and actor.professional_id == introduction.professional_id:
        sides.add(Side.PROFESSIONAL)
    if introduction.programme.organisation_id in actor.organisation_ids:
        sides.add(Side.PROGRAMME)
    return frozenset(sides)


def may(actor: Actor, action: Action, subject: object = None) -> bool:
    """Whether `actor` may do `action` to `subject` (None: on nothing in particular)."""
    return RULES[action](actor, subject)


def needs_sign_in(action: Action) -> bool:
    """Whether nobody may do `action` without signing in, whatever it is done to."""
    return action not in OPEN_ACTIONS


def _anyone(_actor: Actor, _subject: object) -> bool:
    return True


def _signed_in(actor: Actor, _subject: object) -> bool:
    return actor.is_signed_in


def _professional(actor: Actor, subject: object) -> bool:
    if actor.professional_id is None:
        return False
    return not isinstance(subject, Professional) or subject.id == actor.professional_id


def _view_programme(actor: Actor, subject: object) -> bool:
    return isinstance(subject, Programme) and (
        subject.is_published or subject.organisation_id in actor.organisation_ids
    )


def _propose_to_programme(actor: Actor, subject: object) -> bool:
    return (
        actor.professional_id is not None
        and isinstance(subject, Programme)
        and subject.is_published
    )


def _member(actor: Actor, subject: object) -> bool:
    if isinstance(subject, Organisation):
        return subject.id in actor.organisation_ids
    if isinstance(subject, Programme):
        return subject.organisation_id in actor.organisation_ids
    return False


def _view_edits(actor: Actor, subject: object) -> bool:
    return _member(actor, subject.programme if isinstance(subject, ProgrammeEdit) else subject)


def _decide_edit(actor: Actor, subject: object) -> bool:
    programme = subject.programme if isinstance(subject, ProgrammeEdit) else subject
    return (
        isinstance(programme, Programme)
        and programme.organisation_id in actor.owned_organisation_ids
    )


def _withdraw_edit(actor: Actor, subject: object) -> bool:
    if not isinstance(subject, ProgrammeEdit):
        return False
    is_own = subject.author_user_id == actor.user_id and _view_edits(actor, subject)
    return is_own or _decide_edit(actor, subject)


def _propose_for_programme(actor: Actor, subject: object) -> bool:
    return (
        isinstance(subject, Pairing)
        and _member(actor, subject.programme)
        and may_be_found(subject.professional)
    )


def _propose_between(actor: Actor, subject: object) -> bool:
    return (
        isinstance(subject, Pairing)
        and subject.programme.is_published
        and _see_in_scope(actor, subject.professional)
    )


def _see_in_scope(actor: Actor, subject: object) -> bool:
    """A lead sees of professionals only those of their areas who chose to be found."""
    return (
        isinstance(subject, Professional) and may_be_found(subject) and is_in_scope(actor, subject)
    )


def may_be_found(professional: Professional) -> bool:
    """Whether people who have not been introduced to `professional` may know of them at all."""
    return professional.is_findable and professional.is_available


def is_in_scope(actor: Actor, professional: Professional) -> bool:
    """Whether `professional` works in an area that the person, a lead, looks after."""
    return any(_looks_after(actor, each.area_code) for each in professional.areas)


def reaches_scope(actor: Actor, organisation: Organisation) -> bool:
    """Whether the person may look for somebody at `organisation`, where nobody is yet.

    One whose area is not known is anybody's to find.
    """
    if actor.is_administrator or organisation.area_code is None:
        return True
    return _looks_after(actor, organisation.area_code)


def _looks_after(actor: Actor, area_code: str) -> bool:
    return bool(actor.lead_area_codes & ({area_code} | load_vocabulary().areas.within(area_code)))


def _owner(actor: Actor, subject: object) -> bool:
    return isinstance(subject, Organisation) and subject.id in actor.owned_organisation_ids


def _lead(actor: Actor, _subject: object) -> bool:
    return actor.is_lead


def _administrator(actor: Actor, _subject: object) -> bool:
    return actor.is_administrator


def _lead_or_administrator(actor: Actor, _subject: object) -> bool:
    return actor.is_lead or actor.is_administrator


def _invite_organisation(actor: Actor, subject: object) -> bool:
    return (
        isinstance(subject, Organisation)
        and not subject.is_claimed
        and subject.merged_into_id is None
        and _lead_or_administrator(actor, subject)
        and reaches_scope(actor, subject)
    )


def _claim_organisation(actor: Actor, subject: object) -> bool:
    return (
        actor.is_signed_in
        and isinstance(subject, Organisation)
        and subject.merged_into_id is None
        and subject.id not in actor.organisation_ids
    )


def _review_claim(actor: Actor, subject: object) -> bool:
    """Its owners decide about an organisation that has some; nobody decides about themselves."""
    if not isinstance(subject, Claim) or subject.user_id == actor.user_id:
        return False
    if subject.organisation.is_claimed:
        return _owner(actor, subject.organisation)
    return _invite_organisation(actor, subject.organisation)


def _own_claim(actor: Actor, subject: object) -> bool:
    return isinstance(subject, Claim) and subject.user_id == actor.user_id


def _run_survey(actor: Actor, subject: object) -> bool:
    """A lead of the area that is asked, or of one around it."""
    if isinstance(subject, SurveyTheme):
        subject = subject.question
    if isinstance(subject, SurveyQuestion):
        subject = subject.wave
    return isinstance(subject, SurveyWave) and _looks_after(actor, subject.area_code)


def _answer_survey(actor: Actor, subject: object) -> bool:
    return isinstance(subject, SurveyInvitation) and subject.user_id == actor.user_id


def _finish_import(actor: Actor, subject: object) -> bool:
    if not isinstance(subject, ImportDraft) or subject.user_id != actor.user_id:
        return False
    if subject.organisation_id is None:
        return _lead_or_administrator(actor, subject)
    return subject.organisation_id in actor.owned_organisation_ids


def _see_conflicts(actor: Actor, subject: object) -> bool:
    return _lead_or_administrator(actor, subject) or bool(actor.owned_organisation_ids)


def _decide_conflict(actor: Actor, subject: object) -> bool:
    """Its owners decide; where nobody looks after it, an administrator or a lead of its area."""
    if not isinstance(subject, ImportedRecord):
        return False
    programme = subject.programme
    organisation = subject.organisation if programme is None else programme.organisation
    if organisation is None or actor.is_administrator:
        return actor.is_administrator
    if organisation.is_claimed:
        return organisation.id in actor.owned_organisation_ids
    return actor.is_lead and reaches_scope(actor, organisation)


def _decide_duplicate(actor: Actor, subject: object) -> bool:
    """An administrator; or a lead of both areas, unless people look after both already."""
    if not isinstance(subject, PossibleDuplicate):
        return False
    pair = (subject.first, subject.second)
    if actor.is_administrator:
        return True
    return (
        actor.is_lead
        and not all(each.is_claimed for each in pair)
        and all(reaches_scope(actor, each) for each in pair)
    )


def _side_checked_on(actor: Actor, subject: object) -> bool:
    return isinstance(subject, CheckIn) and subject.side in sides_of(actor, subject.introduction)


def _keep_contacts(actor: Actor, subject: object) -> bool:
    if isinstance(subject, OutsideContact):
        return _is_own_contact(actor, subject) or subject.organisation_id in actor.organisation_ids
    return actor.professional_id is not None or bool(actor.organisation_ids)


def _reflect(actor: Actor, subject: object) -> bool:
    if isinstance(subject, Introduction):
        return Side.PROFESSIONAL in sides_of(actor, subject)
    if isinstance(subject, OutsideContact):
        return _is_own_contact(actor, subject)
    return actor.professional_id is not None


def _is_own_contact(actor: Actor, contact: OutsideContact) -> bool:
    return actor.professional_id is not None and contact.professional_id == actor.professional_id


def _party(actor: Actor, subject: object) -> bool:
    return isinstance(subject, Introduction) and bool(sides_of(actor, subject))


def _own_session(actor: Actor, subject: object) -> bool:
    return isinstance(subject, UserSession) and subject.user_id == actor.user_id


def _own_list(actor: Actor, subject: object) -> bool:
    return isinstance(subject, SavedList) and subject.user_id == actor.user_id


def _block_organisation(actor: Actor, subject: object) -> bool:
    return (
        actor.professional_id is not None
        and isinstance(subject, Organisation)
        and subject.merged_into_id is None
        and subject.id not in actor.organisation_ids
    )


def _own_block(actor: Actor, subject: object) -> bool:
    if not isinstance(subject, Block):
        return False
    if subject.side is Side.PROFESSIONAL:
        return subject.professional_id == actor.professional_id
    return subject.organisation_id in actor.organisation_ids


def _report_message(actor: Actor, subject: object) -> bool:
    return (
        isinstance(subject, IntroductionMessage)
        and subject.introduction.is_released
        and _party(actor, subject.introduction)
    )


def _tell_example(actor: Actor, subject: object) -> bool:
    """The two of whom it is told, as long as they are introduced."""
    introduction = subject.introduction if isinstance(subject, PracticeExample) else subject
    return (
        isinstance(introduction, Introduction)
        and introduction.is_released
        and _party(actor, introduction)
    )


def _review_example(actor: Actor, subject: object) -> bool:
    """An administrator, or a lead of the area; nobody reads for us what they tell themselves."""
    if not isinstance(subject, PracticeExample) or sides_of(actor, subject.introduction):
        return False
    return (
        actor.is_administrator
        or _looks_after(actor, subject.area_code)
        or is_in_scope(actor, subject.introduction.professional)
    )


def _ask_for_help(actor: Actor, _subject: object) -> bool:
    return actor.professional_id is not None or bool(actor.organisation_ids)


def _own_help_request(actor: Actor, subject: object) -> bool:
    return isinstance(subject, HelpRequest) and subject.user_id == actor.user_id


def _answer_help_request(actor: Actor, subject: object) -> bool:
    """A lead of the area; where there is none, an administrator. Nobody answers themselves."""
    if not isinstance(subject, HelpCase) or subject.request.user_id == actor.user_id:
        return False
    return _looks_after(actor, subject.request.area_code) or (
        actor.is_administrator and not subject.has_lead
    )


def _check_registration(actor: Actor, subject: object) -> bool:
    """A lead of a place they work in, who alone may see a number; never their own."""
    return (
        isinstance(subject, RegisterCheck)
        and subject.professional_id != actor.professional_id
        and is_in_scope(actor, subject.professional)
    )


RULES: MappingProxyType[Action, Callable[[Actor, object], bool]] = MappingProxyType(
    {
        Action.VIEW_PUBLIC: _anyone,
        Action.USE_DEVELOPMENT_TOOLS: _anyone,
        Action.USE_OWN_ACCOUNT: _signed_in,
        Action.START_PROFILE: _signed_in,
        Action.EDIT_PROFILE: _professional,
        Action.SEE_OWN_SUGGESTIONS: _professional,
        Action.VIEW_PROGRAMME: _view_programme,
        Action.REGISTER_ORGANISATION: _signed_in,
        Action.EDIT_ORGANISATION: _member,
        Action.MANAGE_MEMBERS: _owner,
        Action.LEAVE_ORGANISATION: _member,
        Action.CLAIM_ORGANISATION: _claim_organisation,
        Action.REVIEW_CLAIM: _review_claim,
        Action.WITHDRAW_CLAIM: _own_claim,
        Action.EDIT_PROGRAMME: _member,
        Action.VIEW_EDITS: _view_edits,
        Action.DECIDE_EDIT: _decide_edit,
        Action.WITHDRAW_EDIT: _withdraw_edit,
        Action.PROPOSE_TO_PROGRAMME: _propose_to_programme,
        Action.PROPOSE_FOR_PROGRAMME: _propose_for_programme,
        Action.PROPOSE_BETWEEN: _propose_between,
        Action.SEE_IN_SCOPE: _see_in_scope,
        Action.LEAD: _lead,
        Action.VIEW_INTRODUCTION: _party,
        Action.ANSWER_INTRODUCTION: _party,
        Action.WITHDRAW_INTRODUCTION: _party,
        Action.WORK_ON_INTRODUCTION: _party,
        Action.ANSWER_CHECK_IN: _side_checked_on,
        Action.KEEP_CONTACTS: _keep_contacts,
        Action.REFLECT: _reflect,
        Action.SEE_UNCLAIMED_REQUESTS: _lead_or_administrator,
        Action.INVITE_ORGANISATION: _invite_organisation,
        Action.RUN_SURVEY: _run_survey,
        Action.ANSWER_SURVEY: _answer_survey,
        Action.ADMINISTER: _administrator,
        Action.END_SESSION: _own_session,
        Action.IMPORT: _lead_or_administrator,
        Action.IMPORT_OWN_PROGRAMMES: _owner,
        Action.FINISH_IMPORT: _finish_import,
        Action.SEE_CONFLICTS: _see_conflicts,
        Action.DECIDE_CONFLICT: _decide_conflict,
        Action.DECIDE_DUPLICATE: _decide_duplicate,
        Action.BLOCK_ORGANISATION: _block_organisation,
        Action.BLOCK_OTHER_SIDE: _party,
        Action.UNDO_BLOCK: _own_block,
        Action.REPORT_MESSAGE: _report_message,
        Action.TELL_EXAMPLE: _tell_example,
        Action.REVIEW_EXAMPLES: _lead_or_administrator,
        Action.REVIEW_EXAMPLE: _review_example,
        Action.ASK_FOR_HELP: _ask_for_help,
        Action.USE_OWN_HELP_REQUEST: _own_help_request,
        Action.SEE_HELP_REQUESTS: _lead_or_administrator,
        Action.ANSWER_HELP_REQUEST: _answer_help_request,
        Action.CHECK_REGISTRATION: _check_registration,
        Action.USE_LIST: _own_list,
    }
)

OPEN_ACTIONS = frozenset({Action.VIEW_PUBLIC, Action.USE_DEVELOPMENT_TOOLS, Action.VIEW_PROGRAMME})
