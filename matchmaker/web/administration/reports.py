"""The queue of reports."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import Report, ReportResolution, User
from matchmaker.services.administration import reports as service
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_user
from matchmaker.web.administration import blueprint
from matchmaker.web.administration.paging import links_beside, wanted_page
from matchmaker.web.forms.administration import RESOLUTIONS, ResolveForm
from matchmaker.web.forms.reports import REASONS
from matchmaker.web.lifecycle import commit, now


@blueprint.get("/reports")
@access(Action.ADMINISTER)
def reports() -> ResponseReturnValue:
    """What people reported: what waits, or with `?done=1` what was dealt with."""
    is_resolved = "done" in request.args
    page = service.list_reports(wanted_page(), is_resolved=is_resolved)
    return render_template(
        "administration/reports.html",
        page=page,
        beside=links_beside(page),
        is_resolved=is_resolved,
        reasons=REASONS,
        resolutions=RESOLUTIONS,
    )


@blueprint.route("/reports/<int:report_id>", methods=["GET", "POST"])
@access(Action.ADMINISTER, subject=service.find_report)
def report(report: Report) -> ResponseReturnValue:
    """One report, and what was done about it."""
    form = ResolveForm()
    if form.validate_on_submit():
        try:
            service.resolve(
                report,
                ReportResolution(form.resolution.data),
                note=form.note.data or "",
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
            report = db.session.get_one(Report, report.id, populate_existing=True)
        else:
            commit()
            flash(_("Thank you. The report is dealt with."), "success")
            return redirect(url_for(".reports"))
    return render_template(
        "administration/report.html",
        form=form,
        report=report,
        reporter=_person(report.reporter_user_id),
        resolver=_person(report.resolved_by_user_id),
        reason=REASONS[report.reason],
        resolutions=RESOLUTIONS,
    )


def _person(user_id: int | None) -> User | None:
    return None if user_id is None else db.session.get(User, user_id)
