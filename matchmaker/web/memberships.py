"""Inviting a colleague to look after an organisation's pages, and joining by invitation."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import LinkPurpose, LinkToken, MembershipRole, Organisation
from matchmaker.services import accounts, links, memberships, organisations
from matchmaker.services.errors import DomainError, LinkUnusable
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_user, signed_in_user
from matchmaker.web.accounts.registration import (
    go_to_sign_in,
    hash_new_password,
    link_unusable,
)
from matchmaker.web.forms.accounts import NewAccountForm
from matchmaker.web.forms.memberships import InviteForm, JoinForm, LeaveForm
from matchmaker.web.from_url import organisation_from_url
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("memberships", __name__)


@blueprint.route("/organisations/<int:organisation_id>/invite", methods=["GET", "POST"])
@access(Action.MANAGE_MEMBERS, subject=organisation_from_url)
def invite(organisation: Organisation) -> ResponseReturnValue:
    """Ask for a colleague's address and what they may do."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            memberships.invite(
                organisation,
                email=form.email.data,
                role=MembershipRole(form.role.data),
                actor=require_user(),
                now=now(),
            )
            commit()
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "success")
            return redirect(url_for("organisations.manage", organisation_id=organisation.id))
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    return render_template("memberships/invite.html", form=form, organisation=organisation)


@blueprint.route("/organisations/<int:organisation_id>/leave", methods=["GET", "POST"])
@access(Action.LEAVE_ORGANISATION, subject=organisation_from_url)
def leave(organisation: Organisation) -> ResponseReturnValue:
    """Leave oneself; the only owner names who comes after them."""
    user, name = require_user(), organisation.name
    members = organisations.list_members(organisation)
    own = next(each for each in members if each.user_id == user.id)
    is_only_owner = organisations.is_only_owner(own)
    colleagues = [each for each in members if each is not own] if is_only_owner else []
    form = LeaveForm()
    form.offer(colleagues)
    can_leave = not is_only_owner or bool(colleagues)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        chosen = form.successor.data if colleagues else None
        successor = next((each for each in colleagues if each.id == chosen), None)
        try:
            organisations.leave(own, successor=successor, now=now())
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(_("You do not look after %(name)s any more.", name=name), "success")
            return redirect(url_for("accounts.home"))
    page = render_template(
        "memberships/leave.html",
        form=form,
        organisation=organisation,
        can_leave=can_leave,
        named_in=[each for each in organisation.programmes if each.contact_email == user.email],
    )
    return page, status


@blueprint.route("/join/<token>", methods=["GET", "POST"])
@access(Action.VIEW_PUBLIC)
def join(token: str) -> ResponseReturnValue:
    """Join an organisation: signed in, or by creating an account."""
    try:
        link = links.get_link(token, LinkPurpose.JOIN_ORGANISATION, now=now())
        organisation = memberships.get_invited_organisation(link)
        user = signed_in_user()
        if user is not None and user.email == link.email:
            return _join_signed_in(link, organisation)
        if user is not None or accounts.find_user(link.email) is not None:
            return render_template(
                "memberships/sign_in_first.html", organisation=organisation, email=link.email
            )
        return _join_newly(token, link, organisation)
    except LinkUnusable as error:
        return link_unusable(error)


def _join_signed_in(link: LinkToken, organisation: Organisation) -> ResponseReturnValue:
    form = JoinForm()
    if not form.validate_on_submit():
        return render_template("memberships/join.html", form=form, organisation=organisation)
    memberships.join(link, require_user(), now=now())
    commit()
    flash(_("You now look after %(name)s.", name=organisation.name), "success")
    return redirect(url_for("organisations.manage", organisation_id=organisation.id))


def _join_newly(token: str, link: LinkToken, organisation: Organisation) -> ResponseReturnValue:
    form = NewAccountForm()
    email, organisation_id = link.email, organisation.id
    if form.validate_on_submit():
        try:
            password_hash = hash_new_password(form, email)
            link = links.get_link(token, LinkPurpose.JOIN_ORGANISATION, now=now())
            memberships.register_and_join(
                link, name=form.name.data, password_hash=password_hash, now=now()
            )
            commit()
            page = url_for("organisations.manage", organisation_id=organisation_id)
            return go_to_sign_in(email, page)
        except LinkUnusable:
            raise
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    return render_template(
        "memberships/join_newly.html", form=form, organisation=organisation, email=email
    )
