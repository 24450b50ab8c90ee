"""An organisation's figures for those who pay for it: to make, to read, to print, to take away."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import Organisation
from matchmaker.services.errors import DomainError
from matchmaker.services.evidence import reports, tables
from matchmaker.services.evidence.years import Year, next_due_on
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.forms.evidence import ChooseYearForm
from matchmaker.web.from_url import organisation_from_url
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("evidence", __name__, url_prefix="/organisations")


@blueprint.get("/<int:organisation_id>/evidence")
@access(Action.EDIT_ORGANISATION, subject=organisation_from_url)
def show(organisation: Organisation) -> ResponseReturnValue:
    """The figures of one year, which print as they are, or the button that makes them."""
    years = reports.list_reportable(organisation, now=now())
    wanted = request.args.get("period", "")
    asked = _named(years, wanted)
    problem = (
        _("There are no figures for the year in this address.") if wanted and not asked else ""
    )
    year = asked or next(iter(years), None)
    report = None if year is None else reports.find_report(organisation, year)
    page = render_template(
        "evidence/show.html",
        organisation=organisation,
        year=year,
        problem=problem,
        form=None
        if year is None
        else ChooseYearForm(years, year=year, made=reports.list_made(organisation)),
        report=report,
        tables=[] if report is None else tables.tables_of(organisation, report),
        due_on=next_due_on(now()),
    )
    return page, HTTPStatus.NOT_FOUND if problem else HTTPStatus.OK


@blueprint.post("/<int:organisation_id>/evidence")
@access(Action.EDIT_ORGANISATION, subject=organisation_from_url)
def make(organisation: Organisation) -> ResponseReturnValue:
    """Make the figures of a year, for good."""
    years = reports.list_reportable(organisation, now=now())
    year = _named(years, request.form.get("period", ""))
    if year is None:
        flash(_("Choose a year first. No figures have been made."), "information")
        return redirect(url_for("evidence.show", organisation_id=organisation.id))
    try:
        reports.make_report(organisation, year, now=now())
    except DomainError as error:
        db.session.rollback()
        flash(str(error), "information")
    else:
        commit()
    return redirect(url_for("evidence.show", organisation_id=organisation.id, period=year.key))


@blueprint.get("/<int:organisation_id>/evidence.csv")
@access(Action.EDIT_ORGANISATION, subject=organisation_from_url)
def as_csv(organisation: Organisation) -> ResponseReturnValue:
    """The same for a spreadsheet, or back to the page that says why there is none."""
    key = request.args.get("period", "")
    year = _named(reports.list_reportable(organisation, now=now()), key)
    report = None if year is None else reports.find_report(organisation, year)
    if report is None:
        return redirect(url_for("evidence.show", organisation_id=organisation.id, period=key))
    return Response(
        tables.as_csv(organisation, report),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="evidence-{report.year.key}.csv"'},
    )


def _named(years: list[Year], key: str) -> Year | None:
    return next((each for each in years if each.key == key), None)
