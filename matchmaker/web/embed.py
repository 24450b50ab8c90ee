"""Part of the directory inside the page of somebody else's site.

The frame is the one page here that other sites may show inside theirs. It sets no cookie, and
nothing in it acts for anybody, so there is nothing that somebody could be tricked into pressing.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from matchmaker.services import directory
from matchmaker.services.directory import Search, Wishes
from matchmaker.services.mail import page_address
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.directory_cards import card_of
from matchmaker.web.forms.directory import FindForm
from matchmaker.web.forms.embed import EmbedForm
from matchmaker.web.lifecycle import now
from matchmaker.web.security import content_security_policy

blueprint = Blueprint("embed", __name__, url_prefix="/embed")

MOST_SHOWN = 10
# In CSS pixels: three programmes and the beginning of a fourth, which says that there are more.
HEIGHT = 700
# What changes in the directory is seen in the frame as soon.
SECONDS_TO_KEEP = 300


@blueprint.get("")
@access(Action.VIEW_PUBLIC)
def index() -> ResponseReturnValue:
    """Say what can be shown elsewhere, and write the lines that do it."""
    form = EmbedForm()
    query = form.wishes().query() if form.is_submitted() and form.validate() else None
    page = render_template(
        "embed/index.html",
        form=form,
        snippet=None if query is None else _snippet(_with(page_address("embed.frame"), query)),
        preview=None if query is None else _with(url_for(".frame"), query),
        height=HEIGHT,
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = content_security_policy(frame_src="'self'")
    return answer


@blueprint.get("/find")
@access(Action.VIEW_PUBLIC)
def frame() -> ResponseReturnValue:
    """The first programmes of a search, to be shown inside other sites."""
    search = Search(FindForm().wishes(), now=now())
    entries = directory.list_entries(search, search.sorts[0], count=MOST_SHOWN, now=now())
    query = search.wishes.query()
    page = render_template(
        "embed/frame.html",
        about=_about(search.wishes),
        cards=[card_of(each) for each in entries],
        total=search.total,
        whole=_with(url_for("directory.find"), query),
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = content_security_policy(frame_ancestors="*")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = f"public, max-age={SECONDS_TO_KEEP}"
    return answer


def _snippet(address: str) -> str:
    """The lines to copy, in which the address is escaped as HTML wants it."""
    return str(
        Markup(
            '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>'
        ).format(address, _("Programmes on Matchmaker"), HEIGHT)
    )


def _with(page: str, query: dict[str, Any]) -> str:
    return f"{page}?{urlencode(query, doseq=True)}" if query else page


def _about(wishes: Wishes) -> str:
    """What the programmes have in common, shortly: the words, the conditions, the place."""
    said = [wishes.text, *(term.wording for term in wishes.chosen.terms)]
    if wishes.place is not None:
        said.append(wishes.place.label)
    return ", ".join(each for each in said if each)
