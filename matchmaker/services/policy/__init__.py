"""Who may do what: one function decides, from the actor, the action and the thing acted on.

Every view declares one of these actions (see `matchmaker.web.access`), and services and templates
ask the same function, so that a button never shows what the server would refuse. A rule stands in
the module of its subject; `rules` says which action it decides about.
"""

from matchmaker.services.policy.actions import Action
from matchmaker.services.policy.actors import ANONYMOUS, Actor, actor_for, sides_of
from matchmaker.services.policy.areas import may_be_found, reaches_scope
from matchmaker.services.policy.help_requests import HelpCase
from matchmaker.services.policy.introductions import Pairing
from matchmaker.services.policy.rules import may, needs_sign_in

__all__ = [
    "ANONYMOUS",
    "Action",
    "Actor",
    "HelpCase",
    "Pairing",
    "actor_for",
    "may",
    "may_be_found",
    "needs_sign_in",
    "reaches_scope",
    "sides_of",
]
