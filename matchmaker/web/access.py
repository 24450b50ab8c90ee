"""Every view declares who may use it; a view that does not, stops the app from starting.

`@access(action, subject=loader)` stands directly above the function, below the route. The loader
gets the values of the URL and returns the thing acted on, or None; the view then gets the thing.
Someone who has not signed in is sent to sign in; what is not theirs does not exist for them (404);
a page of a role they do not have is refused in a sentence (403).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from matchmaker.services import policy
from matchmaker.services.policy import Action, Actor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from matchmaker.models import Professional, User

View = Callable[..., "ResponseReturnValue"]
Loader = Callable[..., object | None]


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What a view declared."""

    action: Action
    has_subject: bool


class UndeclaredRoute(RuntimeError):
    """A route has no access rule."""


def access(action: Action, *, subject: Loader | None = None) -> Callable[[View], View]:
    """Declare that a view does `action`, to what `subject` loads from the URL's values."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            actor = current_actor()
            if policy.needs_sign_in(action) and not actor.is_signed_in:
                return send_to_sign_in()
            if subject is None:
                if not policy.may(actor, action):
                    abort(403)
                return view(**values)
            loaded = subject(**values)
            if loaded is None or not policy.may(actor, action, loaded):
                abort(404)
            return view(loaded)

        guarded.access_rule = AccessRule(action, subject is not None)  # type: ignore[attr-defined]
        return guarded

    return declare


def current_actor() -> Actor:
    """What the rules look at of whoever sends this request; gathered once a request."""
    if "actor" not in g:
        g.actor = policy.actor_for(signed_in_user())
    actor: Actor = g.actor
    return actor


def signed_in_user() -> User | None:
    """The person who sends this request, or None."""
    if not current_user.is_authenticated:
        return None
    user: User = current_user.user
    return user


def require_user() -> User:
    """The person who sends this request, in a view whose rule asks for one."""
    user = signed_in_user()
    if user is None:
        raise RuntimeError("This view's access rule lets people in who have not signed in.")
    return user


def require_profile() -> Professional:
    """The profile of whoever sends this request, in a view whose rule asks for one."""
    professional = require_user().professional
    if professional is None:
        raise RuntimeError("This view's access rule lets people in who have no profile.")
    return professional


def send_to_sign_in() -> ResponseReturnValue:
    """Ask for a sign-in, and come back to the same page if it can simply be read."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted))


def access_rules(app: Flask) -> dict[str, AccessRule]:
    """Each endpoint's declared rule.

    Raises:
        UndeclaredRoute: An endpoint has none.
    """
    rules = {}
    for endpoint, view in app.view_functions.items():
        rule = getattr(view, "access_rule", None)
        if rule is None:
            raise UndeclaredRoute(f"{endpoint} declares no access rule; see matchmaker.web.access.")
        rules[endpoint] = rule
    return rules


def init_app(app: Flask) -> None:
    """Check every view, and give templates `may(action, subject)`."""
    app.view_functions["static"] = access(Action.VIEW_PUBLIC)(app.send_static_file)
    access_rules(app)

    @app.context_processor
    def _policy() -> dict[str, object]:
        return {
            "may": lambda action, subject=None: policy.may(
                current_actor(), Action(action), subject
            ),
            "actor": current_actor(),
            "is_development": current_app.extensions["settings"].is_development,
        }
