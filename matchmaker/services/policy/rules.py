"""Which rule decides about which action."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from matchmaker.services.policy import (
    areas,
    help_requests,
    imports,
    introductions,
    organisations,
    people,
    programmes,
    records,
    surveys,
)
from matchmaker.services.policy.actions import Action
from matchmaker.services.policy.actors import Actor

RULES: MappingProxyType[Action, Callable[[Actor, object], bool]] = MappingProxyType(
    {
        Action.VIEW_PUBLIC: people.anyone,
        Action.USE_DEVELOPMENT_TOOLS: people.anyone,
        Action.USE_OWN_ACCOUNT: people.signed_in,
        Action.START_PROFILE: people.signed_in,
        Action.EDIT_PROFILE: people.professional,
        Action.SEE_OWN_SUGGESTIONS: people.professional,
        Action.VIEW_PROGRAMME: programmes.view_programme,
        Action.REGISTER_ORGANISATION: people.signed_in,
        Action.EDIT_ORGANISATION: organisations.member,
        Action.MANAGE_MEMBERS: organisations.owner,
        Action.LEAVE_ORGANISATION: organisations.member,
        Action.CLAIM_ORGANISATION: organisations.claim_organisation,
        Action.REVIEW_CLAIM: organisations.review_claim,
        Action.WITHDRAW_CLAIM: organisations.own_claim,
        Action.EDIT_PROGRAMME: organisations.member,
        Action.VIEW_EDITS: programmes.view_edits,
        Action.DECIDE_EDIT: programmes.decide_edit,
        Action.WITHDRAW_EDIT: programmes.withdraw_edit,
        Action.PROPOSE_TO_PROGRAMME: introductions.propose_to_programme,
        Action.PROPOSE_FOR_PROGRAMME: introductions.propose_for_programme,
        Action.PROPOSE_BETWEEN: introductions.propose_between,
        Action.SEE_IN_SCOPE: areas.see_in_scope,
        Action.LEAD: people.lead,
        Action.VIEW_INTRODUCTION: introductions.party,
        Action.ANSWER_INTRODUCTION: introductions.party,
        Action.WITHDRAW_INTRODUCTION: introductions.party,
        Action.WORK_ON_INTRODUCTION: introductions.party,
        Action.ANSWER_CHECK_IN: introductions.side_checked_on,
        Action.KEEP_CONTACTS: records.keep_contacts,
        Action.REFLECT: records.reflect,
        Action.SEE_UNCLAIMED_REQUESTS: people.lead_or_administrator,
        Action.INVITE_ORGANISATION: organisations.invite_organisation,
        Action.RUN_SURVEY: surveys.run_survey,
        Action.ANSWER_SURVEY: surveys.answer_survey,
        Action.ADMINISTER: people.administrator,
        Action.END_SESSION: people.own_session,
        Action.IMPORT: people.lead_or_administrator,
        Action.IMPORT_OWN_PROGRAMMES: organisations.owner,
        Action.FINISH_IMPORT: imports.finish_import,
        Action.SEE_CONFLICTS: imports.see_conflicts,
        Action.DECIDE_CONFLICT: imports.decide_conflict,
        Action.DECIDE_DUPLICATE: imports.decide_duplicate,
        Action.BLOCK_ORGANISATION: introductions.block_organisation,
        Action.BLOCK_OTHER_SIDE: introductions.party,
        Action.UNDO_BLOCK: introductions.own_block,
        Action.REPORT_MESSAGE: introductions.report_message,
        Action.TELL_EXAMPLE: records.tell_example,
        Action.REVIEW_EXAMPLES: people.lead_or_administrator,
        Action.REVIEW_EXAMPLE: records.review_example,
        Action.ASK_FOR_HELP: help_requests.ask_for_help,
        Action.USE_OWN_HELP_REQUEST: help_requests.own_help_request,
        Action.SEE_HELP_REQUESTS: people.lead_or_administrator,
        Action.ANSWER_HELP_REQUEST: help_requests.answer_help_request,
        Action.CHECK_REGISTRATION: help_requests.check_registration,
        Action.USE_LIST: people.own_list,
    }
)

OPEN_ACTIONS = frozenset({Action.VIEW_PUBLIC, Action.USE_DEVELOPMENT_TOOLS, Action.VIEW_PROGRAMME})


def may(actor: Actor, action: Action, subject: object = None) -> bool:
    """Whether `actor` may do `action` to `subject` (None: on nothing in particular)."""
    return RULES[action](actor, subject)


def needs_sign_in(action: Action) -> bool:
    """Whether nobody may do `action` without signing in, whatever it is done to."""
    return action not in OPEN_ACTIONS
