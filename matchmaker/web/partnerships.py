"""What the two do once both have said yes: write, agree, and say how it goes and ends."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.models import EndReason, Introduction, Outcome
from matchmaker.services import calendar_files, example_offers, partnerships
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.introductions import (
    ActForm,
    AgreementForm,
    CompleteForm,
    EndForm,
    MessageForm,
)
from matchmaker.web.from_url import introduction_from_url
from matchmaker.web.introduction_page import (
    act,
    act_on_page,
    acting_side,
)
from matchmaker.web.lifecycle import now

blueprint = Blueprint("partnerships", __name__, url_prefix="/introductions")


@blueprint.post("/<int:introduction_id>/messages")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def send_message(introduction: Introduction) -> ResponseReturnValue:
    """Write to the other side."""
    form = MessageForm(formdata=request.form, prefix="message")
    side, user = acting_side(introduction), require_user()

    def _send() -> str:
        partnerships.send_message(
            introduction,
            side,
            form.body.data or "",
            seen_id=form.seen.number,
            actor=user,
            now=now(),
        )
        return _("Your message has been sent.")

    return act(introduction, form, _send, message_form=form)


@blueprint.post("/<int:introduction_id>/agreement")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def agree(introduction: Introduction) -> ResponseReturnValue:
    """Write down what was agreed."""
    form = AgreementForm(formdata=request.form, prefix="agreement")
    user = require_user()

    def _agree() -> str:
        partnerships.agree(
            introduction,
            shared_purpose=form.shared_purpose.data or "",
            next_step=form.next_step.data or "",
            next_step_on=form.next_step_on.data,
            version=form.version.number,
            actor=user,
            now=now(),
        )
        return _("What you agreed has been saved for both of you to see.")

    return act(introduction, form, _agree, agreement_form=form)


@blueprint.get("/<int:introduction_id>/next-step.ics")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def next_step_file(introduction: Introduction) -> ResponseReturnValue:
    """The next step for a calendar, which invites both of them."""
    written = calendar_files.next_step_file(introduction, now=now())
    if written is None:
        abort(404)
    return Response(
        written,
        content_type="text/calendar; charset=utf-8; method=REQUEST",
        headers={"Content-Disposition": 'attachment; filename="next-step.ics"'},
    )


@blueprint.post("/<int:introduction_id>/start")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def start(introduction: Introduction) -> ResponseReturnValue:
    """Say that it is under way."""
    user = require_user()

    def _start() -> str:
        partnerships.start(introduction, actor=user, now=now())
        return _("This introduction is now marked as under way.")

    return act(introduction, ActForm(), _start)


@blueprint.post("/<int:introduction_id>/hold")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def hold(introduction: Introduction) -> ResponseReturnValue:
    """Say that it is on hold."""
    user = require_user()

    def _hold() -> str:
        partnerships.hold(introduction, actor=user, now=now())
        return _("This introduction is now marked as on hold.")

    return act(introduction, ActForm(), _hold)


@blueprint.route("/<int:introduction_id>/complete", methods=["GET", "POST"])
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def complete(introduction: Introduction) -> ResponseReturnValue:
    """Say that it is done, and what came of it."""
    form = CompleteForm()
    user = require_user()

    def _complete() -> str:
        partnerships.complete(
            introduction,
            outcome=Outcome(form.outcome.data),
            note=form.note.data or "",
            actor=user,
            now=now(),
        )
        return _("Thank you. This introduction is now marked as completed.")

    return act_on_page(introduction, form, "introductions/complete.html", _complete)


@blueprint.route("/<int:introduction_id>/end", methods=["GET", "POST"])
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def end(introduction: Introduction) -> ResponseReturnValue:
    """Say that it has ended, and why."""
    form = EndForm()
    user = require_user()

    def _end() -> str:
        partnerships.end(
            introduction,
            reason=EndReason(form.reason.data),
            note=form.note.data or "",
            actor=user,
            now=now(),
        )
        return _("This introduction is now marked as ended.")

    return act_on_page(introduction, form, "introductions/end.html", _end)


@blueprint.post("/<int:introduction_id>/example")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def offer_example(introduction: Introduction) -> ResponseReturnValue:
    """Say that it could be told as a practice example."""
    user = require_user()

    def _offer() -> str:
        example_offers.offer(introduction, actor=user, now=now())
        return _("Thank you. Write down what you did now, or leave it to the other side.")

    return act(introduction, ActForm(), _offer)


@blueprint.post("/<int:introduction_id>/example/take-back")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def take_back_example(introduction: Introduction) -> ResponseReturnValue:
    """Say that it is not to be told after all."""
    user = require_user()

    def _take_back() -> str:
        example_offers.take_back(introduction, actor=user, now=now())
        return _("The offer has been taken back. Nothing will be told.")

    return act(introduction, ActForm(), _take_back)
