"""The list in use: looking at it, putting programmes on it and taking them off, its name."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import Programme, SavedList
from matchmaker.services import saved_lists
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Action
from matchmaker.services.public_record import public_programmes
from matchmaker.services.saved_lists import ProgrammeList, clean_name, entries_of
from matchmaker.web.access import access, current_actor, signed_in_user
from matchmaker.web.accounts.sign_in import same_site_path
from matchmaker.web.forms.lists import DeleteListForm, ListNameForm
from matchmaker.web.from_url import row_id
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.lists import blueprint, device
from matchmaker.web.lists.in_use import present_list
from matchmaker.web.lists.passing_on import link_to, mail_link, rows_of


@blueprint.get("/list")
@access(Action.VIEW_PUBLIC)
def show() -> ResponseReturnValue:
    """The list in use, and what can be done with it."""
    kept = present_list(current_actor())
    entries = entries_of(kept)
    is_signed_in = current_actor().is_signed_in
    return render_template(
        "lists/show.html",
        kept=kept,
        rows=rows_of(entries),
        gone=[entry.programme_id for entry in entries if entry.programme is None],
        link=link_to(kept),
        mail_link=mail_link(kept, entries),
        on_device=len(device.read().programme_ids) if is_signed_in else 0,
        days=device.COOKIE.lifetime.days,
    )


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
    if not request.form.get("next"):
        flash(_("It is no longer on your list."), "success")
    return _back(programme_id)


@blueprint.route("/lists/name", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def rename() -> ResponseReturnValue:
    """Give the list in use a name, or another one."""
    kept = present_list(current_actor())
    form = ListNameForm(data={"name": kept.name})
    if form.validate_on_submit():
        _rename(kept, form.name.data or "")
        commit()
        return redirect(url_for(".show"))
    page = render_template("lists/name.html", form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/lists/delete", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def delete() -> ResponseReturnValue:
    """Forget the list in use."""
    kept = present_list(current_actor())
    form = DeleteListForm()
    if form.validate_on_submit():
        row = _row_of(kept)
        if row is not None:
            saved_lists.delete(row)
            commit()
        elif signed_in_user() is None:
            device.forget()
        flash(_("The list has been deleted."), "success")
        return redirect(url_for(".show"))
    return render_template("lists/delete.html", form=form, kept=kept)


def _add(programme: Programme) -> None:
    user = signed_in_user()
    if user is None:
        device.write(device.read().with_programme(programme.id))
    else:
        saved_lists.add(programme, actor=user, now=now())


def _rename(kept: ProgrammeList, wanted: str) -> None:
    user, row, name = signed_in_user(), _row_of(kept), clean_name(wanted)
    if user is None:
        device.write(replace(kept, name=name))
    elif row is None:
        saved_lists.begin_list(ProgrammeList(name), actor=user, now=now())
    else:
        saved_lists.rename(row, name, now=now())


def _row_of(kept: ProgrammeList) -> SavedList | None:
    return None if kept.id is None else saved_lists.find_list(kept.id)


def _public_programme_in_form() -> Programme | None:
    programme_id = row_id(request.form.get("programme", ""))
    return None if programme_id is None else public_programmes([programme_id]).get(programme_id)


def _back(programme_id: int | None = None) -> ResponseReturnValue:
    """To the page with the button, which then is in focus, or to the list."""
    page = same_site_path(request.form.get("next"))
    if page is None or programme_id is None:
        return redirect((page or url_for(".show")).partition("#")[0])
    return redirect(f"{page.partition('#')[0]}#list-{programme_id}")
