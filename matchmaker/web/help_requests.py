"""Asking a lead for help, and the queue of those who asked."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import HelpRequest, ProgrammeStatus, User
from matchmaker.services import help_requests
from matchmaker.services.errors import DomainError, Throttled
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action, HelpCase, may
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.help_requests import AnswerHelpForm, AskedFor, AskForHelpForm
from matchmaker.web.from_url import help_case_from_url, help_request_from_url
from matchmaker.web.lifecycle import after_page, commit, now

blueprint = Blueprint("help_requests", __name__)


@blueprint.route("/ask-a-lead", methods=["GET", "POST"])
@access(Action.ASK_FOR_HELP)
def ask() -> ResponseReturnValue:
    """Say what was not found, and where."""
    user = require_user()
    choices = _asked_for(user)
    form = AskForHelpForm(
        data={"words": request.args.get("words", ""), "where": request.args.get("where", "")}
    )
    form.offer(choices)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        chosen = form.asked_for.data if form.asked_for else next(iter(choices))
        try:
            made = help_requests.ask(
                choices[chosen],
                words=form.words.data or "",
                where=form.where.data or "",
                actor=user,
                now=now(),
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
            status = 429 if isinstance(error, Throttled) else 422
        else:
            request_id = made.id
            commit()
            flash(_("You have asked for help. We mail you the answer."), "success")
            return redirect(url_for(".show", request_id=request_id))
    page = render_template(
        "help_requests/ask.html",
        form=form,
        is_findable=user.professional is None or user.professional.is_findable,
        asked=help_requests.list_own(user),
    )
    return page, status


@blueprint.get("/ask-a-lead/<int:request_id>")
@access(Action.USE_OWN_HELP_REQUEST, subject=help_request_from_url)
def show(asked: HelpRequest) -> ResponseReturnValue:
    """What somebody asked, and what became of it."""
    return render_template(
        "help_requests/show.html", asked=asked, area=load_vocabulary().areas.label(asked.area_code)
    )


@blueprint.post("/ask-a-lead/<int:request_id>/take-back")
@access(Action.USE_OWN_HELP_REQUEST, subject=help_request_from_url)
def take_back(asked: HelpRequest) -> ResponseReturnValue:
    """Say that no answer is needed any more."""
    help_requests.take_back(asked, actor=require_user(), now=now())
    commit()
    flash(_("You have taken back your request."), "success")
    return redirect(url_for(".ask"))


@blueprint.get("/lead/help")
@access(Action.SEE_HELP_REQUESTS)
def queue() -> ResponseReturnValue:
    """Who waits for help, the oldest first."""
    areas = load_vocabulary().areas
    return render_template(
        "help_requests/queue.html",
        requests=[
            (each, _seen(each), areas.label(each.area_code))
            for each in help_requests.list_waiting(current_actor())
        ],
    )


@blueprint.get("/lead/help/<int:request_id>")
@access(Action.ANSWER_HELP_REQUEST, subject=help_case_from_url)
def read(case: HelpCase) -> ResponseReturnValue:
    """Read one request, and what can be done about it."""
    return _page(case, AnswerHelpForm(formdata=None))


@blueprint.post("/lead/help/<int:request_id>/take")
@access(Action.ANSWER_HELP_REQUEST, subject=help_case_from_url)
def take(case: HelpCase) -> ResponseReturnValue:
    """Look after a request."""
    request_id = case.request.id
    help_requests.take(case.request, actor=require_user(), now=now())
    commit()
    flash(_("You look after this now."), "success")
    return redirect(url_for(".read", request_id=request_id))


@blueprint.post("/lead/help/<int:request_id>/put-back")
@access(Action.ANSWER_HELP_REQUEST, subject=help_case_from_url)
def put_back(case: HelpCase) -> ResponseReturnValue:
    """Leave a request to others."""
    help_requests.put_back(case.request, actor=require_user(), now=now())
    commit()
    flash(_("Somebody else can look after this now."), "success")
    return redirect(url_for(".queue"))


@blueprint.post("/lead/help/<int:request_id>/answer")
@access(Action.ANSWER_HELP_REQUEST, subject=help_case_from_url)
def answer(case: HelpCase) -> ResponseReturnValue:
    """Answer with a note."""
    form = AnswerHelpForm()
    if not form.validate():
        return _page(case, form), 422
    help_requests.answer(case.request, form.note.data or "", actor=require_user(), now=now())
    commit()
    flash(_("Your answer is on its way."), "success")
    return redirect(url_for(".queue"))


def _asked_for(user: User) -> dict[str, AskedFor]:
    """For whom somebody can ask, by what the form calls them."""
    choices: dict[str, AskedFor] = {}
    if user.professional is not None:
        choices["me"] = user.professional
    for membership in user.memberships:
        choices[f"organisation-{membership.organisation_id}"] = membership.organisation
    return choices


def _page(case: HelpCase, form: AnswerHelpForm) -> str:
    asked, user = case.request, require_user()
    request_id = asked.id
    professional = asked.professional

    def _record() -> None:
        found = help_requests.find_request(request_id)
        if found is not None:
            help_requests.record_look(found, actor=db.session.get_one(User, user_id), now=moment)

    user_id, moment = user.id, now()
    if request.method == "GET":
        after_page(_record)
    return render_template(
        "help_requests/read.html",
        form=form,
        asked=asked,
        seen=_seen(asked),
        area=load_vocabulary().areas.label(asked.area_code),
        is_mine=asked.taken_by_user_id == user.id,
        may_suggest=professional is not None
        and may(current_actor(), Action.SEE_IN_SCOPE, professional),
        programmes=[
            each
            for each in (asked.organisation.programmes if asked.organisation else ())
            if each.is_published and each.status is ProgrammeStatus.OPEN
        ],
    )


def _seen(asked: HelpRequest) -> str:
    """What an organisation, or anybody, sees of whom it is asked for."""
    if asked.professional is not None:
        return limited_view(asked.professional).summary
    return asked.organisation.name if asked.organisation is not None else ""
