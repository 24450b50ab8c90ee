"""Publishing, pausing, opening again and closing a programme; its places; "still right"."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import Programme
from matchmaker.services import capacity, programmes
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.programmes import ActionForm, PlacesForm
from matchmaker.web.from_url import programme_from_url
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.programmes import blueprint


@blueprint.post("/<int:programme_id>/publish")
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def publish(programme: Programme) -> ResponseReturnValue:
    """Show a draft to everybody."""
    sentence = _("The programme is published. Professionals can find it now.")
    return _act(programme, programmes.publish, sentence, refused_at="programmes.preview")


@blueprint.post("/<int:programme_id>/pause")
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def pause(programme: Programme) -> ResponseReturnValue:
    """Take no introductions for a while."""
    sentence = _("The programme is paused. It is not suggested until you open it again.")
    return _act(programme, programmes.pause, sentence)


@blueprint.post("/<int:programme_id>/reopen")
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def reopen(programme: Programme) -> ResponseReturnValue:
    """Take introductions again."""
    return _act(programme, programmes.reopen, _("The programme is open again."))


@blueprint.route("/<int:programme_id>/close", methods=["GET", "POST"])
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def close(programme: Programme) -> ResponseReturnValue:
    """End a programme, after saying what that means."""
    form = ActionForm()
    if form.validate_on_submit():
        return _act(programme, programmes.close, _("The programme is closed."))
    return render_template(
        "programmes/close.html",
        form=form,
        programme=programme,
        waiting=programmes.count_unanswered(programme),
    )


@blueprint.post("/<int:programme_id>/still-right")
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def still_right(programme: Programme) -> ResponseReturnValue:
    """Write down that everything on the page is still true."""
    sentence = _("Thank you. The page now says that you checked it today.")
    return _act(programme, programmes.confirm_still_right, sentence)


@blueprint.route("/<int:programme_id>/places", methods=["GET", "POST"])
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def places(programme: Programme) -> ResponseReturnValue:
    """How many introductions the programme can take in a month."""
    form = PlacesForm(data={"places_per_month": programme.places_per_month})
    if form.validate_on_submit():
        set_places = partial(programmes.set_places, places=form.places_per_month.data)
        return _act(programme, set_places, _("The places have been saved."))
    page = render_template(
        "programmes/places.html",
        form=form,
        programme=programme,
        free=capacity.free_places(programme, now()),
    )
    return page, 422 if form.is_submitted() else 200


def _act(
    programme: Programme,
    do: Callable[..., Programme],
    sentence: str,
    *,
    refused_at: str = "programmes.show",
) -> ResponseReturnValue:
    """Do one thing to a programme, say so, and go back to its page."""
    programme_id = programme.id
    try:
        do(programme, actor=require_user(), now=now())
    except DomainError as error:
        db.session.rollback()
        flash(str(error), "error")
        return redirect(url_for(refused_at, programme_id=programme_id))
    commit()
    flash(sentence, "success")
    return redirect(url_for("programmes.show", programme_id=programme_id))
