"""The first page after signing in."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from matchmaker.services.home import gather_home
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_user
from matchmaker.web.accounts import blueprint
from matchmaker.web.introduction_page import acting_side, heading_of
from matchmaker.web.lifecycle import now


@blueprint.get("/home")
@access(Action.USE_OWN_ACCOUNT)
def home() -> ResponseReturnValue:
    """Show what waits for this person, and where everything of theirs is."""
    user = require_user()
    mine = gather_home(user, now=now())
    introductions = (*mine.to_answer, *mine.working, *mine.asked)
    return render_template(
        "accounts/home.html",
        user=user,
        mine=mine,
        headings={each.id: heading_of(each, acting_side(each)) for each in introductions},
    )
