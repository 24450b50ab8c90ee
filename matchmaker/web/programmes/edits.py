"""Changes of a published programme: looking at one, deciding about it, and those there were."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.attributes import set_committed_value

from matchmaker.extensions import db
from matchmaker.models import EditState, Programme, ProgrammeEdit
from matchmaker.services import edit_decisions, programme_history
from matchmaker.services.edit_decisions import AlreadyDecided, ConflictingChanges
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.policy import Action, may
from matchmaker.services.programme_details import ProgrammeDetails, details_of
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.programme_edits import DecideForm, SendBackForm, decide_form
from matchmaker.web.from_url import edit_from_url, programme_from_url
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.programmes import blueprint
from matchmaker.web.programmes.record import record_of
from matchmaker.web.programmes.words import LABELS, Difference, all_answers, differences, lines_of


@blueprint.get("/<int:programme_id>/history")
@access(Action.VIEW_EDITS, subject=programme_from_url)
def history(programme: Programme) -> ResponseReturnValue:
    """The changes there were: who, when and what."""
    edits = programme_history.list_history(programme)
    return render_template(
        "programmes/history.html",
        programme=programme,
        change=programme_history.find_undecided(programme),
        edits=[(edit, [each.label for each in _differences(edit)]) for edit in edits],
    )


@blueprint.get("/changes/<int:edit_id>")
@access(Action.VIEW_EDITS, subject=edit_from_url)
def show_edit(edit: ProgrammeEdit) -> ResponseReturnValue:
    """A change side by side with what it changes; an owner decides here."""
    return _page(edit, _form_for(edit))


@blueprint.post("/changes/<int:edit_id>/publish")
@access(Action.DECIDE_EDIT, subject=edit_from_url)
def publish_edit(edit: ProgrammeEdit) -> ResponseReturnValue:
    """Publish a change that waits."""
    edit_id = edit.id
    form = _form_for(edit)
    if not form.validate_on_submit():
        return _page(edit, form, status=422)
    try:
        edit_decisions.publish(
            edit,
            seen=form.seen(edit_id),
            choices=form.choices(),
            actor=require_user(),
            now=now(),
        )
    except (AlreadyDecided, StaleVersion, ConflictingChanges) as error:
        return _refused(edit_id, error, status=409)
    except DomainError as error:
        return _refused(edit_id, error, status=422)
    commit()
    flash(_("The change is published. Everybody can see it now."), "success")
    return redirect(url_for("programmes.show", programme_id=edit.programme_id))


@blueprint.route("/changes/<int:edit_id>/send-back", methods=["GET", "POST"])
@access(Action.DECIDE_EDIT, subject=edit_from_url)
def send_back_edit(edit: ProgrammeEdit) -> ResponseReturnValue:
    """Say what should be different before a change is published."""
    edit_id, form = edit.id, SendBackForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            edit_decisions.send_back(edit, form.note.data, actor=require_user(), now=now())
        except AlreadyDecided as error:
            return _refused(edit_id, error, status=409)
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(_("The change has been sent back. Its author gets a mail."), "success")
            return redirect(_to_manage(edit))
    edit = _fresh(edit_id)
    return render_template("programmes/send_back.html", form=form, edit=edit), status


@blueprint.post("/changes/<int:edit_id>/withdraw")
@access(Action.WITHDRAW_EDIT, subject=edit_from_url)
def withdraw_edit(edit: ProgrammeEdit) -> ResponseReturnValue:
    """Take a change back; the page stays as it is."""
    edit_id = edit.id
    try:
        edit_decisions.withdraw(edit, actor=require_user(), now=now())
    except DomainError as error:
        return _refused(edit_id, error, status=409)
    commit()
    flash(_("The change has been taken back. The page stays as it is."), "success")
    return redirect(url_for("programmes.show", programme_id=edit.programme_id))


def _page(edit: ProgrammeEdit, form: DecideForm, *, status: int = 200) -> ResponseReturnValue:
    is_open = edit.decided_at is None
    merged = edit_decisions.merged_with_page(edit) if is_open else None
    preview = None if merged is None else _preview(edit, merged.details)
    page = render_template(
        "programmes/edit.html",
        form=form,
        edit=edit,
        programme=edit.programme,
        differences=_differences(edit),
        meanwhile=[] if merged is None else [str(LABELS[name]) for name in merged.meanwhile],
        has_new_contact=programme_history.has_new_contact(edit),
        may_decide=may(current_actor(), Action.DECIDE_EDIT, edit),
        may_begin_again=not is_open
        and edit.state is not EditState.PUBLISHED
        and programme_history.find_undecided(edit.programme) is None,
        preview=preview,
    )
    return page, status


def _differences(edit: ProgrammeEdit) -> list[Difference]:
    """What a change changes: of the page as it is now, or, once decided, of the page as it was."""
    before, after = _sides(edit)
    return all_answers(after) if before is None else differences(before, after)


def _sides(edit: ProgrammeEdit) -> tuple[ProgrammeDetails | None, ProgrammeDetails]:
    if edit.decided_at is None:
        return details_of(edit.programme), edit_decisions.merged_with_page(edit).details
    return programme_history.details_before(edit), programme_history.details_after(edit)


def _form_for(edit: ProgrammeEdit) -> DecideForm:
    """The form with which an owner publishes it, with a question for each answer in dispute."""
    if edit.decided_at is not None:
        return decide_form([], version=0, change_version=0)
    merged, page = edit_decisions.merged_with_page(edit), details_of(edit.programme)
    return decide_form(
        [
            Difference(
                name, str(LABELS[name]), lines_of(page, name), lines_of(merged.details, name)
            )
            for name in merged.conflicts
        ],
        version=edit.programme.version,
        change_version=edit.version,
    )


def _preview(edit: ProgrammeEdit, details: ProgrammeDetails) -> dict[str, object] | None:
    """What the programme's page would show; None where an answer on it cannot be taken.

    So it may be with what a source wrote on the page meanwhile.
    """
    try:
        page = programme_history.scratch_of(details)
    except DomainError:
        return None
    page.status = edit.programme.status
    page.published_at = edit.programme.published_at
    page.last_checked_at = now()
    # Set without the organisation's noticing, which would put the page among its programmes.
    set_committed_value(page, "organisation", edit.programme.organisation)
    return record_of(page)


def _refused(edit_id: int, error: DomainError, *, status: int) -> ResponseReturnValue:
    """The change as it stands now, and why nothing was done."""
    db.session.rollback()
    edit = _fresh(edit_id)
    form = _form_for(edit)
    form.set_seen(edit)
    form.show_error(error)
    return _page(edit, form, status=status)


def _fresh(edit_id: int) -> ProgrammeEdit:
    edit = programme_history.find_edit(edit_id)
    if edit is None:
        raise RuntimeError("A change that was there a moment ago is not any more.")
    return edit


def _to_manage(edit: ProgrammeEdit) -> str:
    return url_for("organisations.manage", organisation_id=edit.programme.organisation_id)
