"""The list in use: looking at it, putting programmes on it and taking them off."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import Programme
from matchmaker.services import saved_lists
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Action
from matchmaker.services.public_record import public_programmes
from matchmaker.web.access import access, current_actor, signed_in_user
from matchmaker.web.accounts.sign_in import same_site_path
from matchmaker.web.from_url import row_id
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.lists import blueprint, device
from matchmaker.web.lists.in_use import present_list


@blueprint.get("/list")
@access(Action.VIEW_PUBLIC)
def show() -> ResponseReturnValue:
    """The list in use, and what can be done with it."""
    kept = present_list(current_actor())
    return render_template("lists/show.html", kept=kept, entries=saved_lists.entries_of(kept))


@blueprint.post("/lists/add")
@access(Action.VIEW_PUBLIC)
def add() -> ResponseReturnValue:
    """Put a programme on the list, and go back to where the button was."""
    programme = _public_programme_in_form()
    if programme is None:
        flash(_("This programme is no longer listed."), "error")
        return _back()
    try:
        _add(programme)
    except DomainError as error:
        db.session.rollback()
        flash(str(error), "error")
        return _back()
    commit()
    return _back(programme.id)


@blueprint.post("/lists/remove")
@access(Action.VIEW_PUBLIC)
def remove() -> ResponseReturnValue:
    """Take a programme off the list, and go back to where the button was."""
    programme_id = row_id(request.form.get("programme", ""))
    if programme_id is None:
        return _back()
    user = signed_in_user()
    if user is None:
        device.write(device.read().without_programme(programme_id))
    else:
        saved_lists.remove(programme_id, actor=user, now=now())
        commit()
    return _back(programme_id)


def _add(programme: Programme) -> None:
    user = signed_in_user()
    if user is None:
        device.write(device.read().with_programme(programme.id))
    else:
        saved_lists.add(programme, actor=user, now=now())


def _public_programme_in_form() -> Programme | None:
    programme_id = row_id(request.form.get("programme", ""))
    return None if programme_id is None else public_programmes([programme_id]).get(programme_id)


def _back(programme_id: int | None = None) -> ResponseReturnValue:
    """To the page with the button, which then is in focus, or to the list."""
    page = same_site_path(request.form.get("next")) or url_for(".show")
    page = page.partition("#")[0]
    return redirect(page if programme_id is None else f"{page}#list-{programme_id}")
