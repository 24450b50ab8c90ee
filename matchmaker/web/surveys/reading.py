"""Results: to read, to print, to take away; and the names and quotes of themes."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import SurveyTheme, SurveyWave
from matchmaker.services import charts
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.policy import Action
from matchmaker.services.surveys import keys, report, results, themes
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.surveys import ThemeForm
from matchmaker.web.from_url import theme_from_url, wave_from_url
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.surveys import lead_blueprint


@lead_blueprint.get("/<int:wave_id>/results")
@access(Action.RUN_SURVEY, subject=wave_from_url)
def read(wave: SurveyWave) -> ResponseReturnValue:
    """Everything that may be shown of the answers, once it has closed."""
    made = report.make_report(wave)
    return render_template(
        "surveys/results.html",
        wave=wave,
        report=made,
        signs=[] if made is None else charts.signs(made.charts),
        compared_with=results.comparable(wave),
        is_of_other_secret=not keys.is_known(wave),
    )


@lead_blueprint.get("/<int:wave_id>/results.csv")
@access(Action.RUN_SURVEY, subject=wave_from_url)
def read_csv(wave: SurveyWave) -> ResponseReturnValue:
    """The same figures for a spreadsheet."""
    made = report.make_report(wave)
    if made is None:
        return redirect(url_for(".read", wave_id=wave.id))
    return Response(
        report.as_csv(made),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="survey-{wave.id}.csv"'},
    )


@lead_blueprint.route("/themes/<int:theme_id>", methods=["GET", "POST"])
@access(Action.RUN_SURVEY, subject=theme_from_url)
def edit_theme(theme: SurveyTheme) -> ResponseReturnValue:
    """Give a theme a name of one's own, and choose what is quoted."""
    quotable = themes.list_quotable(theme)
    form = ThemeForm(
        quotable,
        data={
            "version": str(theme.version),
            "name": theme.name,
            "quotes": [each.id for each in quotable if each.is_quoted],
        },
    )
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            themes.edit_theme(
                theme,
                name=form.name.data or "",
                quoted_ids=form.quotes.data or (),
                version=form.version.number,
                actor=require_user(),
                now=now(),
            )
            commit()
        except DomainError as error:
            status = _refuse(form, error, theme)
        else:
            flash(_("The theme has been saved."), "success")
            wave_id, anchor = theme.question.wave_id, f"theme-{theme.id}"
            return redirect(url_for(".read", wave_id=wave_id, _anchor=anchor))
    return render_template("surveys/theme.html", theme=theme, form=form), status


def _refuse(form: ThemeForm, error: DomainError, theme: SurveyTheme) -> int:
    db.session.rollback()
    form.show_error(error)
    if isinstance(error, StaleVersion):
        form.version.data = str(theme.version)
        return 409
    return 422
