"""Having one's registration checked, and the queue of those who asked for it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import CheckState, RegisterCheck, User
from matchmaker.services import claims, register_checks
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action
from matchmaker.web.access import access, current_actor, require_profile, require_user
from matchmaker.web.forms.register_checks import AskForCheckForm, DecideCheckForm
from matchmaker.web.from_url import register_check_from_url
from matchmaker.web.lifecycle import after_page, commit, now

blueprint = Blueprint("register_checks", __name__)


@blueprint.route("/profile/registration", methods=["GET", "POST"])
@access(Action.EDIT_PROFILE)
def own() -> ResponseReturnValue:
    """Ask for the check, or see how it stands."""
    professional, form = require_profile(), AskForCheckForm()
    status = 200
    if form.validate_on_submit():
        try:
            register_checks.ask(professional, actor=require_user(), now=now())
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
            status = 422
        else:
            commit()
            flash(_("A lead of your area looks it up. We mail you what they find."), "success")
            return redirect(url_for(".own"))
    page = render_template(
        "register_checks/own.html",
        form=form,
        professional=professional,
        last=register_checks.find_last(professional),
    )
    return page, status


@blueprint.post("/profile/registration/withdraw")
@access(Action.EDIT_PROFILE)
def withdraw() -> ResponseReturnValue:
    """Want no check any more."""
    register_checks.withdraw(require_profile(), actor=require_user(), now=now())
    commit()
    flash(_("Nobody looks up your registration now."), "success")
    return redirect(url_for(".own"))


@blueprint.get("/lead/register-checks")
@access(Action.LEAD)
def queue() -> ResponseReturnValue:
    """Checks that wait for this lead: of registrations, and of who works where."""
    actor = current_actor()
    return render_template(
        "register_checks/queue.html",
        checks=[
            (each, limited_view(each.professional)) for each in register_checks.list_waiting(actor)
        ],
        claims=claims.list_waiting(actor),
    )


@blueprint.route("/lead/register-checks/<int:check_id>", methods=["GET", "POST"])
@access(Action.CHECK_REGISTRATION, subject=register_check_from_url)
def check(check: RegisterCheck) -> ResponseReturnValue:
    """See what is to be looked up, and write down what was found."""
    form, check_id, user = DecideCheckForm(), check.id, require_user()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            register_checks.decide(
                check,
                CheckState(form.found.data),
                digest=str(form.digest.data),
                actor=user,
                now=now(),
            )
        except StaleVersion as error:
            db.session.rollback()
            form.show_error(error)
            status = 409
        else:
            commit()
            flash(_("Saved. They have been told."), "success")
            return redirect(url_for(".queue"))
    _record_look(check_id, user.id)
    form.digest.data = register_checks.digest_of(check.professional)
    page = render_template(
        "register_checks/check.html",
        form=form,
        check=check,
        seen=limited_view(check.professional),
        register=register_checks.REGISTER_ADDRESS,
    )
    return page, status


def _record_look(check_id: int, user_id: int) -> None:
    """Write down, once the page has been built, that its name and number were seen."""
    moment = now()

    def _record() -> None:
        found = register_checks.find_check(check_id)
        if found is not None and found.state is CheckState.WAITING:
            actor = db.session.get_one(User, user_id)
            register_checks.record_look(found, actor=actor, now=moment)

    after_page(_record)
