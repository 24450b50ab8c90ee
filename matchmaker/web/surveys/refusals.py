"""What a lead reads when a rule says no."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from matchmaker.extensions import db
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.surveys import waves
from matchmaker.services.surveys.waves import NotADraft
from matchmaker.web.forms.surveys import OpenForm, QuestionForm, WaveForm


def show_refusal(form: WaveForm | QuestionForm | OpenForm, error: DomainError, wave_id: int) -> int:
    """Put the reason into the form, and return the status of the page.

    Saving again after somebody else is then a decision, taken after a look at what they wrote.
    """
    db.session.rollback()
    form.show_error(error)
    wave = waves.find_wave(wave_id)
    if isinstance(error, StaleVersion) and wave is not None:
        form.version.data = str(wave.version)
    return 409 if isinstance(error, StaleVersion | NotADraft) else 422


def refused(wave_id: int, error: DomainError) -> ResponseReturnValue:
    """Back to the survey's own page, with the reason."""
    db.session.rollback()
    flash(str(error), "error")
    return redirect(url_for("lead_surveys.show", wave_id=wave_id))
