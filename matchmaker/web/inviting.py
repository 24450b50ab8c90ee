"""Inviting somebody to look after an organisation, for whoever may: a lead or an administrator."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import MembershipRole, Organisation
from matchmaker.services import memberships
from matchmaker.services.errors import DomainError
from matchmaker.web.access import require_user
from matchmaker.web.forms.leads import InviteForm
from matchmaker.web.lifecycle import commit, now


def ask_for_owner(organisation: Organisation, *, template: str, onward: str) -> ResponseReturnValue:
    """Ask whom to invite as an owner, on the page of `template`; then go to `onward`."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            memberships.invite(
                organisation,
                email=form.email.data or "",
                role=MembershipRole.OWNER,
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(_("The invitation is on its way."), "success")
            return redirect(onward)
    return render_template(template, form=form, organisation=organisation)
