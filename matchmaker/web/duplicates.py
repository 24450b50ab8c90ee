"""Organisations that may be one: both side by side, and what to do about it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import Organisation, PossibleDuplicate
from matchmaker.services import duplicates, merging
from matchmaker.services.errors import AlreadyAnswered, StaleVersion
from matchmaker.services.merging import Which
from matchmaker.services.policy import Action
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.duplicates import FIELD_NAMES, merge_form
from matchmaker.web.forms.organisations import KINDS
from matchmaker.web.import_words import LIKENESSES
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("duplicates", __name__, url_prefix="/duplicates")


@blueprint.after_request
def _keep_nowhere(response: Response) -> Response:
    """These pages are for a few people only; no copy of them may stay behind."""
    response.headers["Cache-Control"] = "no-store"
    return response


def pair_from_url(pair_id: int) -> PossibleDuplicate | None:
    """The two."""
    return duplicates.find_pair(pair_id)


@blueprint.get("/")
@access(Action.IMPORT)
def index() -> ResponseReturnValue:
    """Those that nobody has decided about."""
    return render_template(
        "duplicates/index.html",
        pairs=duplicates.list_undecided(current_actor()),
        likenesses=LIKENESSES,
    )


@blueprint.route("/<int:pair_id>", methods=["GET", "POST"])
@access(Action.DECIDE_DUPLICATE, subject=pair_from_url)
def decide(pair: PossibleDuplicate) -> ResponseReturnValue:
    """Look at both, and put them together."""
    if pair.decided_at is not None:
        return _decided_already()
    form = _form(pair)
    pair_id = pair.id
    if not form.validate_on_submit():
        return _page(pair, form)
    choices = {field: Which(form[field].data) for field in merging.differing_fields(pair)}
    try:
        survivor = merging.merge(
            pair,
            Which(form["stays"].data),
            choices,
            form["digest"].data or "",
            actor=require_user(),
            now=now(),
        )
    except AlreadyAnswered:
        db.session.rollback()
        return _decided_already()
    except StaleVersion as error:
        db.session.rollback()
        form.show_error(error)
        return _page(duplicates.find_pair(pair_id) or pair, form)
    commit()
    flash(_("The two are one now: %(name)s.", name=survivor.name), "success")
    return redirect(url_for("organisations.show", organisation_id=survivor.id))


@blueprint.post("/<int:pair_id>/not-the-same")
@access(Action.DECIDE_DUPLICATE, subject=pair_from_url)
def keep_apart(pair: PossibleDuplicate) -> ResponseReturnValue:
    """Say that they are two."""
    try:
        duplicates.keep_apart(pair, actor=require_user(), now=now())
    except AlreadyAnswered:
        db.session.rollback()
        return _decided_already()
    commit()
    flash(_("Thank you. You will not be asked about these two again."), "success")
    return redirect(url_for(".index"))


def _decided_already() -> ResponseReturnValue:
    flash(_("Somebody has decided about these two already."))
    return redirect(url_for(".index"))


def _form(pair: PossibleDuplicate) -> Form:
    fields = merging.differing_fields(pair)
    values = {field: (_words(pair.first, field), _words(pair.second, field)) for field in fields}
    return merge_form(pair, fields, values)


def _page(pair: PossibleDuplicate, form: Form) -> ResponseReturnValue:
    form["digest"].data = merging.digest_of(pair)
    return render_template(
        "duplicates/decide.html",
        form=form,
        pair=pair,
        fields=[field for field in merging.FIELDS if field in form],
        rows=[
            (name, _words(pair.first, field), _words(pair.second, field))
            for field, name in FIELD_NAMES.items()
        ],
        likeness=LIKENESSES[pair.likeness],
    )


def _words(organisation: Organisation, field: str) -> str:
    value = getattr(organisation, field)
    words = str(KINDS[value]) if field == "kind" else str(value or "")
    return words or _("Nothing")
