"""Reporting a page or a message to the administrators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import IntroductionMessage, ReportReason
from matchmaker.services import reports
from matchmaker.services.errors import DomainError, Throttled
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_user, signed_in_user
from matchmaker.web.forms.reports import ReportForm
from matchmaker.web.from_url import message_from_url
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.reported_pages import without_secrets

blueprint = Blueprint("reports", __name__)


@blueprint.route("/report", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def report_page() -> ResponseReturnValue:
    """Say what is wrong with a page; `?page=` names it."""
    form = ReportForm(data={"page": request.args.get("page", "")})
    path = without_secrets(form.page.data)
    if not form.validate_on_submit():
        return _page(form, path=path, status=422 if form.is_submitted() else 200)
    try:
        reports.report_page(
            path,
            reason=ReportReason(form.reason.data),
            note=form.note.data or "",
            reporter=signed_in_user(),
            address=request.remote_addr or "",
            now=now(),
        )
    except DomainError as error:
        return _refused(form, error, path=path)
    commit()
    return redirect(url_for(".sent"))


@blueprint.get("/report/sent")
@access(Action.VIEW_PUBLIC)
def sent() -> ResponseReturnValue:
    """Say thank you, and what happens now."""
    return render_template("reports/sent.html")


@blueprint.route("/introductions/messages/<int:message_id>/report", methods=["GET", "POST"])
@access(Action.REPORT_MESSAGE, subject=message_from_url)
def report_message(message: IntroductionMessage) -> ResponseReturnValue:
    """Say what is wrong with a message, to which the administrators then get its text."""
    introduction_page = url_for("introductions.show", introduction_id=message.introduction_id)
    quoted = message.body
    form = ReportForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return _page(form, quoted=quoted, back=introduction_page, status=status)
    try:
        reports.report_message(
            message,
            introduction_page,
            reason=ReportReason(form.reason.data),
            note=form.note.data or "",
            reporter=require_user(),
            now=now(),
        )
    except DomainError as error:
        return _refused(form, error, quoted=quoted, back=introduction_page)
    commit()
    flash(_("Thank you. An administrator will look at the message."), "success")
    return redirect(introduction_page)


def _refused(form: ReportForm, error: DomainError, **context: str) -> ResponseReturnValue:
    db.session.rollback()
    form.show_error(error)
    return _page(form, status=429 if isinstance(error, Throttled) else 422, **context)


def _page(form: ReportForm, *, status: int, **context: str) -> ResponseReturnValue:
    names = {"path": "", "quoted": "", "back": ""}
    return render_template("reports/report.html", form=form, **{**names, **context}), status
