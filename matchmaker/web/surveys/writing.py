"""Beginning a survey, saying what it is about, looking at it as others will, throwing it away."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import SurveySection, SurveyWave
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Action
from matchmaker.services.surveys import waves
from matchmaker.services.surveys.choices import SECTIONS
from matchmaker.services.surveys.waves import questions_of, sections_of
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.surveys import NewWaveForm, WaveForm, page_form
from matchmaker.web.from_url import wave_from_url
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.surveys import lead_blueprint
from matchmaker.web.surveys.refusals import refused, show_refusal


@lead_blueprint.get("/")
@access(Action.LEAD)
def index() -> ResponseReturnValue:
    """The surveys of the areas a lead looks after."""
    return render_template("surveys/list.html", waves=waves.list_waves(current_actor()))


@lead_blueprint.route("/new", methods=["GET", "POST"])
@access(Action.LEAD)
def new() -> ResponseReturnValue:
    """Begin one, with the built-in questions or those of an earlier survey."""
    actor = current_actor()
    form = NewWaveForm(waves.list_areas(actor), waves.list_earlier(actor))
    if form.validate_on_submit():
        try:
            wave = waves.create_wave(
                form.details, earlier=form.chosen_wave, actor=require_user(), now=now()
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            return redirect(url_for(".show", wave_id=wave.id))
    page = render_template("surveys/new.html", form=form)
    return page, 422 if form.is_submitted() else 200


@lead_blueprint.route("/<int:wave_id>/edit", methods=["GET", "POST"])
@access(Action.RUN_SURVEY, subject=wave_from_url)
def edit(wave: SurveyWave) -> ResponseReturnValue:
    """Change the title, the introduction or the area of a draft."""
    form = WaveForm(
        _areas_for(wave),
        data={
            "version": str(wave.version),
            "title": wave.title,
            "introduction": wave.introduction,
            "area_code": wave.area_code,
        },
    )
    status, wave_id = 422 if form.is_submitted() else 200, wave.id
    if form.validate_on_submit():
        try:
            waves.edit_wave(
                wave, form.details, version=form.version.number, actor=require_user(), now=now()
            )
        except DomainError as error:
            status = show_refusal(form, error, wave_id)
        else:
            commit()
            flash(_("The survey has been saved."), "success")
            return redirect(url_for(".show", wave_id=wave_id))
    return render_template("surveys/edit.html", wave=waves.find_wave(wave_id), form=form), status


@lead_blueprint.route("/<int:wave_id>/preview", methods=["GET", "POST"])
@access(Action.RUN_SURVEY, subject=wave_from_url)
def preview(wave: SurveyWave) -> ResponseReturnValue:
    """A page of the survey as people will see it; its button leads on, and nothing is read."""
    pages = sections_of(wave)
    wanted = request.args.get("page", "")
    section = SurveySection(wanted) if wanted in pages else None
    questions = [] if section is None else questions_of(wave, section)
    following = pages if section is None else pages[pages.index(section) + 1 :]
    form = page_form(questions, {})
    if form.is_submitted():
        if not following:
            return redirect(url_for(".show", wave_id=wave.id))
        return redirect(url_for(".preview", wave_id=wave.id, page=following[0]))
    return render_template(
        "surveys/preview.html",
        wave=wave,
        form=form,
        section=section,
        title=None if section is None else SECTIONS[section],
        pairs=form.pairs(questions),
        number=0 if section is None else pages.index(section) + 1,
        pages=len(pages),
        next_page=following[0] if following else None,
    )


@lead_blueprint.route("/<int:wave_id>/delete", methods=["GET", "POST"])
@access(Action.RUN_SURVEY, subject=wave_from_url)
def delete(wave: SurveyWave) -> ResponseReturnValue:
    """Throw a draft away, once somebody has said so twice."""
    form = Form()
    if not form.validate_on_submit():
        return render_template("surveys/delete.html", wave=wave, form=form)
    try:
        waves.delete_draft(wave, actor=require_user(), now=now())
    except DomainError as error:
        return refused(wave.id, error)
    commit()
    flash(_("The draft has been deleted."), "success")
    return redirect(url_for(".index"))


def _areas_for(wave: SurveyWave) -> list[str]:
    """The areas that can be chosen; the present one stays, whoever chose it."""
    return sorted(
        {*waves.list_areas(current_actor()), wave.area_code}, key=load_vocabulary().areas.label
    )
