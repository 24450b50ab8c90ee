"""Bringing in lists of programmes: hand in, name the columns, look, confirm; and conflicts."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import ImportDraft, ImportedRecord, ImportSource, Organisation, SourceFormat
from matchmaker.services.errors import AlreadyAnswered, DomainError, FieldError
from matchmaker.services.imports import conflicts, drafts
from matchmaker.services.imports.attribution import attributions_of
from matchmaker.services.imports.conflicts import Keep
from matchmaker.services.imports.fetching import Fetcher, NotFetched, fetch_feed
from matchmaker.services.imports.plan import Difference, Outcome, Plan
from matchmaker.services.imports.records import ON_THE_WEB
from matchmaker.services.imports.report import ImportReport
from matchmaker.services.policy import Action
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.imports import (
    BringInForm,
    BringInOwnForm,
    ConfirmForm,
    chosen_columns,
    columns_form,
    conflict_form,
)
from matchmaker.web.from_url import organisation_from_url
from matchmaker.web.import_words import LIKENESSES, field_name, said
from matchmaker.web.lifecycle import commit, now

# All pages of a feed together: whoever waits is looking at the page.
LONGEST_FEED_SECONDS = 20.0
MOST_SHOWN = 50

blueprint = Blueprint("imports", __name__, url_prefix="/imports")


@blueprint.after_request
def _keep_nowhere(response: Response) -> Response:
    """These pages show what only some may see; no copy of them may stay behind."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.app_context_processor
def _attributions() -> dict[str, object]:
    return {"attributions_of": attributions_of}


def draft_from_url(import_id: int) -> ImportDraft | None:
    """The import under way."""
    return drafts.find_draft(import_id, now=now())


def record_from_url(record_id: int) -> ImportedRecord | None:
    """The imported record."""
    return conflicts.find_record(record_id)


@blueprint.get("/")
@access(Action.IMPORT)
def index() -> ResponseReturnValue:
    """Where entries come from, and what waits to be decided."""
    # Those whose name a page of their own shows, and not the files of single organisations.
    sources = db.session.scalars(
        select(ImportSource)
        .where(~ImportSource.name.startswith("organisation "))
        .order_by(ImportSource.name)
    ).all()
    return render_template(
        "imports/index.html",
        sources=sources,
        conflicts=len(conflicts.list_conflicts(current_actor())),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@access(Action.IMPORT)
def new() -> ResponseReturnValue:
    """Hand in a list, as a file or by its address."""
    form = BringInForm()
    if not form.validate_on_submit():
        return render_template("imports/new.html", form=form)
    try:
        if form.address.data:
            url = form.address.data
            given = form.given(_fetched(url, SourceFormat(form.format.data)), url)
        else:
            given = form.given(form.file.data.read())
        draft = drafts.start_draft(given, actor=require_user(), now=now())
    except DomainError as error:
        db.session.rollback()
        is_address = isinstance(error, NotFetched)
        form.show_error(_beside("address" if is_address else "file", error))
        return render_template("imports/new.html", form=form)
    commit()
    return _next_page(draft)


@blueprint.route("/organisations/<int:organisation_id>", methods=["GET", "POST"])
@access(Action.IMPORT_OWN_PROGRAMMES, subject=organisation_from_url)
def new_for_organisation(organisation: Organisation) -> ResponseReturnValue:
    """Hand in a table of the programmes of one's own organisation."""
    form = BringInOwnForm()
    if form.validate_on_submit():
        try:
            draft = drafts.start_draft(
                form.given(form.file.data.read()),
                organisation=organisation,
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(_beside("file", error))
        else:
            commit()
            return _next_page(draft)
    return render_template("imports/new_own.html", form=form, organisation=organisation)


@blueprint.route("/<int:import_id>/columns", methods=["GET", "POST"])
@access(Action.FINISH_IMPORT, subject=draft_from_url)
def columns(draft: ImportDraft) -> ResponseReturnValue:
    """Say which column holds what."""
    if draft.format is not SourceFormat.CSV:
        return redirect(url_for(".preview", import_id=draft.id))
    table = drafts.read_draft_table(draft)
    fields = drafts.fields_of(draft)
    examples = dict(table.rows[0].cells) if table.rows else {}
    form = columns_form(fields, table.columns, drafts.columns_of(draft), examples)
    if form.validate_on_submit():
        try:
            drafts.choose_columns(draft, chosen_columns(form, fields, table.columns))
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            return redirect(url_for(".preview", import_id=draft.id))
    return render_template(
        "imports/columns.html", form=form, draft=draft, fields=fields, rows=len(table.rows)
    )


@blueprint.route("/<int:import_id>", methods=["GET", "POST"])
@access(Action.FINISH_IMPORT, subject=draft_from_url)
def preview(draft: ImportDraft) -> ResponseReturnValue:
    """Look at what would be done, and confirm."""
    if drafts.lacks_columns(draft):
        return redirect(url_for(".columns", import_id=draft.id))
    form = ConfirmForm()
    draft_id, organisation_id = draft.id, draft.organisation_id
    if form.validate_on_submit():
        try:
            report = drafts.confirm(draft, form.digest.data or "", actor=require_user(), now=now())
        except drafts.OutOfDate as error:
            db.session.rollback()
            form.show_error(error)
            draft = db.session.get_one(ImportDraft, draft_id)
            return _preview_page(draft, form, error.plan)
        except AlreadyAnswered as error:
            db.session.rollback()
            flash(str(error))
        else:
            commit()
            flash(_done(report), "success")
        return _after(organisation_id)
    return _preview_page(draft, form, drafts.plan_draft(draft, now=now()))


@blueprint.post("/<int:import_id>/discard")
@access(Action.FINISH_IMPORT, subject=draft_from_url)
def discard(draft: ImportDraft) -> ResponseReturnValue:
    """Forget the file."""
    organisation_id = draft.organisation_id
    drafts.discard(draft)
    commit()
    flash(_("Nothing was brought in, and the file is forgotten."))
    return _after(organisation_id)


@blueprint.get("/conflicts")
@access(Action.SEE_CONFLICTS)
def list_conflicts() -> ResponseReturnValue:
    """What people changed here and their source changed as well."""
    waiting = [
        (record, conflicts.subject_of(record), fields)
        for record in conflicts.list_conflicts(current_actor())
        if (fields := conflicts.fields_in_conflict(record))
    ]
    return render_template(
        "imports/conflicts.html",
        waiting=waiting,
        field_name=field_name,
        organisation_of=conflicts.organisation_of,
    )


@blueprint.route("/conflicts/<int:record_id>", methods=["GET", "POST"])
@access(Action.DECIDE_CONFLICT, subject=record_from_url)
def conflict(record: ImportedRecord) -> ResponseReturnValue:
    """Decide field by field whose words stay."""
    fields = conflicts.fields_in_conflict(record)
    if not fields:
        flash(_("There is nothing to decide here any more."))
        return redirect(url_for(".list_conflicts"))
    record_id = record.id
    form = _conflict_form(fields)
    if form.validate_on_submit():
        choices = {each.field: Keep(form[each.field].data) for each in fields}
        try:
            conflicts.decide(
                record, choices, form["digest"].data or "", actor=require_user(), now=now()
            )
        except DomainError as error:
            db.session.rollback()
            record = conflicts.find_record(record_id) or record
            fields = conflicts.fields_in_conflict(record)
            form = _conflict_form(fields)
            form.show_error(error)
        else:
            commit()
            flash(_("Thank you. It is decided."), "success")
            return redirect(url_for(".list_conflicts"))
    form["digest"].data = conflicts.digest_of(fields)
    return render_template(
        "imports/conflict.html",
        form=form,
        record=record,
        subject=conflicts.subject_of(record),
        fields=[each.field for each in fields],
    )


def _conflict_form(fields: list[Difference]) -> Form:
    return conflict_form(
        {
            each.field: (said(each.field, each.ours), said(each.field, each.theirs))
            for each in fields
        }
    )


def _fetched(url: str, source_format: SourceFormat) -> bytes:
    fetcher = Fetcher(hosts=current_app.extensions["settings"].import_hosts)
    # Waiting for another website, we let others write meanwhile.
    db.session.rollback()
    return fetch_feed(fetcher, url, source_format, ON_THE_WEB, seconds=LONGEST_FEED_SECONDS)


def _beside(field: str, error: DomainError) -> DomainError:
    """Put what is wrong with a file beside the question for it."""
    if isinstance(error, FieldError):
        return error
    return FieldError(field, getattr(error, "reason", "") or str(error))


def _next_page(draft: ImportDraft) -> ResponseReturnValue:
    endpoint = ".columns" if draft.format is SourceFormat.CSV else ".preview"
    return redirect(url_for(endpoint, import_id=draft.id))


def _after(organisation_id: int | None) -> ResponseReturnValue:
    if organisation_id is None:
        return redirect(url_for(".index"))
    return redirect(url_for("organisations.manage", organisation_id=organisation_id))


def _preview_page(draft: ImportDraft, form: ConfirmForm, plan: Plan) -> ResponseReturnValue:
    form.digest.data = plan.digest
    outcomes = plan.outcomes()
    return render_template(
        "imports/preview.html",
        form=form,
        draft=draft,
        plan=plan,
        figures=[
            (_("New"), outcomes[Outcome.CREATED]),
            (_("Changed"), outcomes[Outcome.UPDATED]),
            (_("As before"), outcomes[Outcome.UNCHANGED]),
            *([(_("Over already, left out"), len(plan.skipped))] if plan.skipped else []),
            (_("Cannot be taken"), len(plan.rejected)),
            *(
                [(_("Not in the list any more, left as it is"), plan.missing)]
                if plan.missing
                else []
            ),
        ],
        new=[each for each in plan.programmes if each.outcome is Outcome.CREATED],
        changed=[each for each in plan.steps if each.outcome is Outcome.UPDATED],
        names={each.record.external_id: each.name for each in plan.organisations},
        can_confirm=bool(outcomes[Outcome.CREATED] or outcomes[Outcome.UPDATED] or plan.conflicts),
        most=MOST_SHOWN,
        field_name=field_name,
        said=said,
        likenesses=LIKENESSES,
    )


def _done(report: ImportReport) -> str:
    said_of = [
        ngettext("%(num)d is new", "%(num)d are new", report.created),
        ngettext("%(num)d has changed", "%(num)d have changed", report.updated),
        ngettext("%(num)d is as before", "%(num)d are as before", report.unchanged),
        ngettext("%(num)d was left out", "%(num)d were left out", len(report.rejected)),
    ]
    return _("The list has been brought in: %(figures)s.", figures=", ".join(said_of))
