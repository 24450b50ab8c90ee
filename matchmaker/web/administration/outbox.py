"""Mail that waits, has failed or was sent: what it is and where it goes, never its text."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import OutboxMail
from matchmaker.services.administration import outbox as service
from matchmaker.services.administration.outbox import Standing
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_user
from matchmaker.web.administration import blueprint
from matchmaker.web.administration.paging import links_beside, wanted_page
from matchmaker.web.lifecycle import commit, now


@blueprint.get("/outbox")
@access(Action.ADMINISTER)
def outbox() -> ResponseReturnValue:
    """Mails that stand as `?standing=` says; those that failed first."""
    standings = {each.value: each for each in Standing}
    standing = standings.get(request.args.get("standing", ""), Standing.FAILED)
    page = service.list_mails(standing, wanted_page())
    return render_template(
        "administration/outbox.html",
        page=page,
        beside=links_beside(page),
        standing=standing,
        now=now(),
    )


@blueprint.post("/outbox/<int:mail_id>/retry")
@access(Action.ADMINISTER, subject=service.find_mail)
def retry_mail(mail: OutboxMail) -> ResponseReturnValue:
    """Send a failed mail again."""
    try:
        service.retry(mail, actor=require_user(), now=now())
    except DomainError as error:
        db.session.rollback()
        flash(str(error), "error")
    else:
        commit()
        flash(_("The mail is sent again within seconds."), "success")
    return redirect(url_for(".outbox"))
