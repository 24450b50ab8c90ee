"""Blocking a person or an organisation, and undoing it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.models import Block, Introduction, Organisation, Professional, Programme, Side
from matchmaker.services import blocking, blocks
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action
from matchmaker.web.access import access, current_actor, require_profile, require_user
from matchmaker.web.forms.introductions import ActForm
from matchmaker.web.from_url import block_from_url, introduction_from_url, organisation_from_url
from matchmaker.web.introduction_page import acting_side, heading_of
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("blocks", __name__)


@blueprint.get("/account/blocked")
@access(Action.USE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Whom this person, or an organisation of theirs, has blocked."""
    rows = [(each, _name_of(each)) for each in blocks.list_blocks(current_actor())]
    return render_template("blocks/index.html", rows=rows)


@blueprint.post("/account/blocked/<int:block_id>/undo")
@access(Action.UNDO_BLOCK, subject=block_from_url)
def undo(block: Block) -> ResponseReturnValue:
    """Take a block back."""
    name = _name_of(block)
    blocking.unblock(block, actor=require_user(), now=now())
    commit()
    flash(_("You have unblocked %(name)s.", name=name), "success")
    return redirect(url_for("blocks.index"))


@blueprint.route("/organisations/<int:organisation_id>/block", methods=["GET", "POST"])
@access(Action.BLOCK_ORGANISATION, subject=organisation_from_url)
def block_organisation(organisation: Organisation) -> ResponseReturnValue:
    """A professional wants nothing to do with an organisation."""
    form = ActForm()
    if form.validate_on_submit():
        return _block(Side.PROFESSIONAL, require_profile(), organisation, organisation.name)
    return render_template(
        "blocks/confirm.html",
        form=form,
        side=Side.PROFESSIONAL,
        name=organisation.name,
        back=url_for("organisations.show", organisation_id=organisation.id),
    )


@blueprint.route("/introductions/<int:introduction_id>/block", methods=["GET", "POST"])
@access(Action.BLOCK_OTHER_SIDE, subject=introduction_from_url)
def block_other_side(introduction: Introduction) -> ResponseReturnValue:
    """A side of an introduction wants nothing to do with the other."""
    side = acting_side(introduction)
    organisation = introduction.programme.organisation
    is_professional = side is Side.PROFESSIONAL
    name = organisation.name if is_professional else heading_of(introduction, side)[0]
    form = ActForm()
    if form.validate_on_submit():
        return _block(side, introduction.professional, organisation, name)
    return render_template(
        "blocks/confirm.html",
        form=form,
        side=side,
        name=name,
        back=url_for("introductions.show", introduction_id=introduction.id),
    )


def _block(
    side: Side, professional: Professional, organisation: Organisation, name: str
) -> ResponseReturnValue:
    blocking.block(side, professional, organisation, actor=require_user(), now=now())
    commit()
    flash(_("You have blocked %(name)s. Nobody is told.", name=name), "success")
    return redirect(url_for("blocks.index"))


def _name_of(block: Block) -> str:
    """An organisation by its name; a professional only as one knows them before an introduction."""
    if block.side is Side.PROFESSIONAL:
        return block.organisation.name
    return limited_view(block.professional, Programme()).summary
