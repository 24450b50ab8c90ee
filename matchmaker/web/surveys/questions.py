"""The questions of a draft: adding, changing, moving and taking out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.models import SurveyQuestion, SurveyWave
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Action
from matchmaker.services.surveys import waves
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.surveys import QuestionForm
from matchmaker.web.from_url import survey_question_from_url, wave_from_url
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.surveys import lead_blueprint
from matchmaker.web.surveys.refusals import refused, show_refusal


@lead_blueprint.route("/<int:wave_id>/questions/new", methods=["GET", "POST"])
@access(Action.RUN_SURVEY, subject=wave_from_url)
def add_question(wave: SurveyWave) -> ResponseReturnValue:
    """Add a question of one's own."""
    form = QuestionForm(data={"version": str(wave.version)})
    wave_id, status = wave.id, 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            waves.add_question(wave, form.asked, actor=require_user(), now=now())
        except DomainError as error:
            status = show_refusal(form, error, wave_id)
        else:
            return _saved(wave_id, _("The question has been added."))
    return render_template("surveys/question.html", form=form, wave_id=wave_id), status


@lead_blueprint.route("/questions/<int:question_id>", methods=["GET", "POST"])
@access(Action.RUN_SURVEY, subject=survey_question_from_url)
def edit_question(question: SurveyQuestion) -> ResponseReturnValue:
    """Say a question in other words."""
    form = QuestionForm(
        data={
            "version": str(question.wave.version),
            "wording": question.wording,
            "section": question.section.value,
            "kind": question.kind.value,
            "low_label": question.low_label,
            "high_label": question.high_label,
        }
    )
    wave_id, status = question.wave_id, 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            waves.edit_question(
                question,
                form.asked,
                version=form.version.number,
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            status = show_refusal(form, error, wave_id)
        else:
            return _saved(wave_id, _("The question has been saved."))
    return render_template("surveys/question.html", form=form, wave_id=wave_id), status


@lead_blueprint.post("/questions/<int:question_id>/move")
@access(Action.RUN_SURVEY, subject=survey_question_from_url)
def move_question(question: SurveyQuestion) -> ResponseReturnValue:
    """Move it one up or down on its page."""
    is_up = request.form.get("way") == "up"
    try:
        waves.move_question(question, is_up=is_up, actor=require_user(), now=now())
    except DomainError as error:
        return refused(question.wave_id, error)
    commit()
    return redirect(url_for(".show", wave_id=question.wave_id, _anchor=f"question-{question.id}"))


@lead_blueprint.post("/questions/<int:question_id>/remove")
@access(Action.RUN_SURVEY, subject=survey_question_from_url)
def remove_question(question: SurveyQuestion) -> ResponseReturnValue:
    """Take it out of the draft."""
    wave_id = question.wave_id
    try:
        waves.remove_question(question, actor=require_user(), now=now())
    except DomainError as error:
        return refused(wave_id, error)
    return _saved(wave_id, _("The question has been taken out."))


def _saved(wave_id: int, sentence: str) -> ResponseReturnValue:
    commit()
    flash(sentence, "success")
    return redirect(url_for(".show", wave_id=wave_id, _anchor="questions"))
