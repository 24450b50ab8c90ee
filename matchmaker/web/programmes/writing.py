"""Writing a programme down, and changing it: as a draft, or as a change of what is published."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import EditState, Organisation, Programme, ProgrammeEdit
from matchmaker.services import programme_edits, programme_history, programmes
from matchmaker.services.edit_decisions import Seen
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.policy import Action
from matchmaker.services.programme_details import (
    ProgrammeDetails,
    details_of,
    reading,
    unrecognised_wordings,
)
from matchmaker.services.programme_edits import EditUnderWay
from matchmaker.services.readings import NOTHING_WRITTEN, Reading, ReadTerm
from matchmaker.web import readings
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.programmes import ProgrammeForm, answers_of
from matchmaker.web.from_url import organisation_from_query, programme_from_url, row_id
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.programmes import blueprint


@blueprint.route("/new", methods=["GET", "POST"])
@access(Action.EDIT_ORGANISATION, subject=organisation_from_query)
def new(organisation: Organisation) -> ResponseReturnValue:
    """Begin a programme as a draft."""
    form = ProgrammeForm()
    is_adding = form.act_on_entries()
    if not is_adding and form.validate_on_submit():
        try:
            programme = programmes.create_programme(
                organisation, form.details(), actor=require_user(), now=now()
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            return _after_saving(form, programme, before=NOTHING_WRITTEN)
    status = 422 if form.is_submitted() and not is_adding else 200
    page = render_template(
        "programmes/form.html", form=form, organisation=organisation, programme=None, change=None
    )
    return page, status


@blueprint.route("/<int:programme_id>/edit", methods=["GET", "POST"])
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def edit(programme: Programme) -> ResponseReturnValue:
    """Change a programme: a draft as it stands, and a published one by a change of its own."""
    change = programme_history.find_undecided(programme)
    form = _form_of(programme, change, _answers_to_begin_with(programme, change))
    programme_id, status = programme.id, 200
    before = reading(programme) if change is None else programme_edits.reading_of(change)
    if form.act_on_entries():
        pass
    elif form.validate_on_submit():
        try:
            saved = _save(form, programme)
        except EditUnderWay as error:
            status = 409
            db.session.rollback()
            form = _form_on_top(programme_id, error)
        except DomainError as error:
            status = 409 if isinstance(error, StaleVersion) else 422
            db.session.rollback()
            form.show_error(error)
            if isinstance(error, StaleVersion):
                # Saving again is then a decision, after a look at what the other person wrote.
                fresh = db.session.get_one(Programme, programme_id, populate_existing=True)
                form.set_seen(_seen_of(fresh, programme_history.find_undecided(fresh)))
        else:
            commit()
            if saved is None and not _is_public_now(programme):
                flash(_("You changed nothing, so there is nothing to publish."), "information")
                return redirect(url_for("programmes.show", programme_id=programme_id))
            if saved is None:
                return _after_saving(form, programme, before=before)
            return _after_change(form, saved, before=before)
    elif form.is_submitted():
        status = 422
    kept = programmes.find_programme(programme_id)
    page = render_template(
        "programmes/form.html",
        form=form,
        programme=kept,
        organisation=None if kept is None else kept.organisation,
        change=None if kept is None else programme_history.find_undecided(kept),
    )
    return page, status


@blueprint.route("/<int:programme_id>/what-we-read", methods=["GET", "POST"])
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def confirm_read(programme: Programme) -> ResponseReturnValue:
    """What we read in the description, for its author to confirm."""
    actor = require_user()
    back = url_for("programmes.edit", programme_id=programme.id)
    is_for_later = "later" in request.args
    is_public = programme.is_published
    if is_public and (
        "change" in request.args or not programme_edits.may_publish(actor, programme)
    ):
        change = programme_history.find_undecided(programme)
        if change is None:
            return redirect(back)

        def add_to_change(terms: list[ReadTerm], version: int) -> None:
            programme_edits.confirm_read(change, terms, version=version, actor=actor, now=now())

        return readings.confirm(
            lambda: programme_edits.reading_of(change),
            add_to_change,
            back=back,
            onward=_onward_from(change, is_for_later=is_for_later),
        )

    def add(terms: list[ReadTerm], version: int) -> None:
        programmes.confirm_read(programme, terms, version=version, actor=actor, now=now())

    return readings.confirm(
        lambda: reading(programme),
        add,
        back=back,
        onward=_onward(programme, is_for_later=is_for_later),
    )


def _save(form: ProgrammeForm, programme: Programme) -> ProgrammeEdit | None:
    """Save a draft, or a change; a change that is still to be decided is returned."""
    if not programme.is_published:
        programmes.edit_programme(
            programme,
            form.details(),
            version=form.version.number,
            actor=require_user(),
            now=now(),
        )
        return None
    return programme_edits.save_change(
        programme,
        form.details(),
        seen=form.seen(),
        is_finished=not form.save.data,
        actor=require_user(),
        now=now(),
    )


def _is_public_now(programme: Programme) -> bool:
    """Whether what was saved needs nobody's agreement: it is a draft, or an owner's change."""
    return not programme.is_published or programme_edits.may_publish(require_user(), programme)


def _answers_to_begin_with(programme: Programme, change: ProgrammeEdit | None) -> ProgrammeDetails:
    """What stands in the form: the page as it is, a change under way, or one that was sent back."""
    if change is not None:
        return programme_history.details_after(change)
    page = details_of(programme)
    again = row_id(request.args.get("again", ""))
    earlier = None if again is None else programme_history.find_edit(again)
    if (
        earlier is None
        or earlier.programme_id != programme.id
        or earlier.state not in (EditState.SENT_BACK, EditState.DISCARDED)
    ):
        return page
    base = programme_history.details_before(earlier) or page
    return programme_history.merge(base, programme_history.details_after(earlier), page).details


def _form_of(
    programme: Programme, change: ProgrammeEdit | None, answers: ProgrammeDetails
) -> ProgrammeForm:
    form = ProgrammeForm(data=_data_of(programme, change, answers))
    _name_buttons(form, programme)
    return form


def _form_on_top(programme_id: int, error: EditUnderWay) -> ProgrammeForm:
    """The form on somebody else's change, with what was typed on top of it."""
    programme = db.session.get_one(Programme, programme_id, populate_existing=True)
    change = programme_history.find_undecided(programme)
    form = ProgrammeForm(formdata=None, data=_data_of(programme, change, error.merged))
    _name_buttons(form, programme)
    form.show_error(error)
    return form


def _data_of(
    programme: Programme, change: ProgrammeEdit | None, answers: ProgrammeDetails
) -> dict[str, object]:
    seen = _seen_of(programme, change)
    return {
        **answers_of(answers, version=seen.version),
        "change": seen.edit_id or 0,
        "change_version": seen.edit_version or 0,
    }


def _seen_of(programme: Programme, change: ProgrammeEdit | None) -> Seen:
    if change is None:
        return Seen(programme.version)
    return Seen(programme.version, change.id, change.version)


def _name_buttons(form: ProgrammeForm, programme: Programme) -> None:
    if programme.is_published:
        form.name_buttons_for_change(
            is_published_at_once=programme_edits.may_publish(require_user(), programme)
        )


def _after_saving(
    form: ProgrammeForm, programme: Programme, *, before: Reading
) -> ResponseReturnValue:
    _name_unrecognised(programme)
    flash(_("Your answers have been saved."), "success")
    asked = reading(programme).newly_said(before)
    if not asked:
        return redirect(_onward(programme, is_for_later=form.save.data))
    return redirect(
        readings.page_about(
            asked,
            "programmes.confirm_read",
            programme_id=programme.id,
            later="yes" if form.save.data else None,
        )
    )


def _after_change(
    form: ProgrammeForm, change: ProgrammeEdit, *, before: Reading
) -> ResponseReturnValue:
    """Say what becomes of a change that is not public yet."""
    _name_unrecognised(programme_history.scratch_of(programme_history.details_after(change)))
    if change.state is EditState.DRAFT:
        flash(_("Your change is kept. Only your colleagues see it until you finish it."), "success")
    elif programme_edits.may_publish(require_user(), change.programme):
        flash(
            _("Your change is saved. Before it is published, look at it once more."), "information"
        )
    else:
        flash(_("Your change is saved and waits for an owner. They get a mail."), "success")
    asked = programme_edits.reading_of(change).newly_said(before)
    if not asked:
        return redirect(_onward_from(change, is_for_later=form.save.data))
    return redirect(
        readings.page_about(
            asked,
            "programmes.confirm_read",
            programme_id=change.programme_id,
            change="yes",
            later="yes" if form.save.data else None,
        )
    )


def _name_unrecognised(programme: Programme) -> None:
    unknown = unrecognised_wordings(programme)
    if unknown:
        flash(
            _(
                "We did not recognise %(wordings)s. We still look for these words in what"
                " professionals write.",
                wordings=", ".join(f"“{wording}”" for wording in unknown),
            ),
            "information",
        )


def _onward(programme: Programme, *, is_for_later: bool) -> str:
    """Where somebody goes who has written down a programme, or stopped for now."""
    if is_for_later:
        return url_for("organisations.manage", organisation_id=programme.organisation_id)
    return url_for("programmes.preview", programme_id=programme.id)


def _onward_from(change: ProgrammeEdit, *, is_for_later: bool) -> str:
    """Where somebody goes who has written a change that is not public yet."""
    if is_for_later:
        return url_for("organisations.manage", organisation_id=change.programme.organisation_id)
    return url_for("programmes.show_edit", edit_id=change.id)
