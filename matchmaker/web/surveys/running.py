"""A survey's own page for its leads: opening it, reminding, closing."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.models import SurveyWave, WaveState
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Action
from matchmaker.services.surveys import audience, closing, keys, results, waves
from matchmaker.services.surveys.choices import KINDS, SECTIONS
from matchmaker.services.surveys.waves import questions_of, sections_of
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.surveys import OpenForm
from matchmaker.web.from_url import wave_from_url
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.surveys import lead_blueprint
from matchmaker.web.surveys.refusals import refused, show_refusal


@lead_blueprint.get("/<int:wave_id>")
@access(Action.RUN_SURVEY, subject=wave_from_url)
def show(wave: SurveyWave) -> ResponseReturnValue:
    """What is asked, how far it has come, and what can be done next."""
    is_open = wave.state is WaveState.OPEN
    asked, answered = results.count_so_far(wave) if is_open else (None, None)
    earliest = audience.may_be_reminded_at(wave)
    return render_template(
        "surveys/wave.html",
        wave=wave,
        sections=[(SECTIONS[each], questions_of(wave, each)) for each in sections_of(wave)],
        kinds=KINDS,
        asked=asked,
        answered=answered,
        takes_answers=audience.is_open(wave, now=now()),
        is_of_other_secret=is_open and not keys.is_known(wave),
        may_remind=earliest is not None and now() >= earliest,
        remind_from=earliest,
    )


@lead_blueprint.route("/<int:wave_id>/open", methods=["GET", "POST"])
@access(Action.RUN_SURVEY, subject=wave_from_url)
def open_wave(wave: SurveyWave) -> ResponseReturnValue:
    """Say how many would be asked and until when, and open it."""
    if wave.state is not WaveState.DRAFT:
        return refused(wave.id, waves.NotADraft(_("This survey has been opened already.")))
    form = OpenForm(data={"version": str(wave.version)})
    wave_id, status = wave.id, 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            audience.open_wave(
                wave,
                closes_on=form.closes_on.data,
                version=form.version.number,
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            status = show_refusal(form, error, wave_id)
        else:
            commit()
            flash(_("The survey is open, and the invitations are on their way."), "success")
            return redirect(url_for(".show", wave_id=wave_id))
    page = render_template(
        "surveys/open.html", wave=wave, form=form, people=audience.shown_audience(wave)
    )
    return page, status


@lead_blueprint.post("/<int:wave_id>/remind")
@access(Action.RUN_SURVEY, subject=wave_from_url)
def remind(wave: SurveyWave) -> ResponseReturnValue:
    """Have everybody reminded who has not answered."""
    try:
        audience.remind(wave, actor=require_user(), now=now())
    except DomainError as error:
        return refused(wave.id, error)
    commit()
    flash(_("The reminders are on their way."), "success")
    return redirect(url_for(".show", wave_id=wave.id))


@lead_blueprint.route("/<int:wave_id>/close", methods=["GET", "POST"])
@access(Action.RUN_SURVEY, subject=wave_from_url)
def close(wave: SurveyWave) -> ResponseReturnValue:
    """Close it, once somebody has said so twice."""
    form = Form()
    if not form.validate_on_submit():
        return render_template("surveys/close.html", wave=wave, form=form)
    try:
        closing.close_wave(wave, actor=require_user(), now=now())
    except DomainError as error:
        return refused(wave.id, error)
    commit()
    flash(_("The survey is closed, and its results will not change any more."), "success")
    return redirect(url_for(".read", wave_id=wave.id))
