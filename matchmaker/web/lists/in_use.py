"""The list that the buttons of this visitor add to: in their account, or on their device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request

from matchmaker.services import saved_lists
from matchmaker.services.saved_lists import ProgrammeList
from matchmaker.web.access import current_actor
from matchmaker.web.lists import device

if TYPE_CHECKING:
    from flask import Flask

    from matchmaker.services.policy import Actor


def present_list(actor: Actor) -> ProgrammeList:
    """The list in use, which may be empty; looked up once a request."""
    if "present_list" not in g:
        g.present_list = (
            device.read()
            if actor.user_id is None
            else saved_lists.find_list_in_use(actor.user_id) or ProgrammeList()
        )
    kept: ProgrammeList = g.present_list
    return kept


def number_on_list(actor: Actor) -> int:
    """How many programmes the visitor keeps, for the line at the top of every page.

    Somebody who has just signed in finds the way to what they kept on the device before. The
    visitor is handed over because a page about a failing database must not look them up.
    """
    return len(present_list(actor).programme_ids or device.read().programme_ids)


def is_on_list(programme_id: int) -> bool:
    """Whether the visitor keeps a programme."""
    return programme_id in present_list(current_actor()).programme_ids


def this_page() -> str:
    """Where a button on this page comes back to."""
    return request.full_path.rstrip("?")


def init_app(app: Flask) -> None:
    """Let templates show what is on the list; see `components/add_to_list.html`."""
    app.jinja_env.globals.update(
        number_on_list=number_on_list, is_on_list=is_on_list, this_page=this_page
    )
