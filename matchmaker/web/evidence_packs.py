"""Reports for a board: to print, as files, and announced by e-mail."""

from __future__ import annotations

from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.models import NotificationKind, PackFrequency
from matchmaker.services import (
    charts,
    evidence_packs,
    notifications,
    pack_files,
    pack_subscriptions,
)
from matchmaker.services.activity.choosing import Chosen, default_area, next_release_on
from matchmaker.services.policy import Action
from matchmaker.services.statistics.scope import find_visible_area, visible_areas
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.chosen_figures import chosen_from_url, read_choice
from matchmaker.web.forms.activity import ChooseFiguresForm
from matchmaker.web.forms.evidence_packs import FREQUENCIES, SubscribeForm
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("evidence_packs", __name__, url_prefix="/lead/packs")


@blueprint.get("/")
@access(Action.LEAD)
def index() -> ResponseReturnValue:
    """Choose a report, and of which one is told."""
    choice = read_choice()
    if request.args and choice.chosen is not None and not choice.problem:
        return redirect(_address(choice.chosen))
    return _index(_subscribe_form()), _status(choice.problem)


@blueprint.post("/subscriptions")
@access(Action.LEAD)
def subscribe() -> ResponseReturnValue:
    """Be told by e-mail when figures are published."""
    form = _subscribe_form()
    if not form.validate_on_submit():
        return _index(form), HTTPStatus.UNPROCESSABLE_ENTITY
    area = find_visible_area(current_actor(), form.told_area.data)
    if area is not None:
        frequency = PackFrequency(form.frequency.data)
        pack_subscriptions.subscribe(require_user(), area, frequency, now=now())
        commit()
        flash(
            _("We shall tell you when figures of %(area)s are published.", area=area.label),
            "success",
        )
    return redirect(url_for("evidence_packs.index"))


@blueprint.post("/subscriptions/<area_code>/stop")
@access(Action.LEAD)
def unsubscribe(area_code: str) -> ResponseReturnValue:
    """Be told no more."""
    pack_subscriptions.unsubscribe(require_user(), area_code, now=now())
    commit()
    flash(_("You will get no more mails about these figures."), "success")
    return redirect(url_for("evidence_packs.index"))


@blueprint.get("/<area_code>/<period_key>")
@access(Action.LEAD, subject=chosen_from_url)
def show(chosen: Chosen) -> ResponseReturnValue:
    """The report, which prints as it is."""
    pack = evidence_packs.make_pack(chosen, current_actor())
    return render_template(
        "evidence_packs/show.html",
        pack=pack,
        chosen=chosen,
        signs=charts.signs(pack.charts),
        operator=current_app.extensions["settings"].operator,
    )


@blueprint.get("/<area_code>/<period_key>.zip")
@access(Action.LEAD, subject=chosen_from_url)
def as_zip(chosen: Chosen) -> ResponseReturnValue:
    """The same figures as files."""
    name = f"matchmaker-{chosen.area.code}-{chosen.period.key}.zip"
    return Response(
        pack_files.as_zip(chosen, released_at=evidence_packs.released_at(chosen.period)),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _index(subscribe_form: SubscribeForm) -> str:
    choice = read_choice()
    user = require_user()
    areas = {each.code: each for each in choice.areas}
    return render_template(
        "evidence_packs/index.html",
        choice=choice,
        choose_form=ChooseFiguresForm(
            choice.areas, choice.periods, area=choice.area, period=choice.period
        ),
        form=subscribe_form,
        subscriptions=[
            (areas[each.area_code], FREQUENCIES[each.frequency])
            for each in pack_subscriptions.list_subscriptions(user)
            if each.area_code in areas
        ],
        is_off=NotificationKind.FIGURES in notifications.list_muted(user),
        next_release_on=next_release_on(now()),
    )


def _subscribe_form() -> SubscribeForm:
    form = SubscribeForm(visible_areas(current_actor()))
    own = default_area(current_actor())
    if not form.is_submitted() and own is not None:
        form.told_area.data = own.code
    return form


def _address(chosen: Chosen) -> str:
    return url_for("evidence_packs.show", area_code=chosen.area.code, period_key=chosen.period.key)


def _status(problem: str) -> HTTPStatus:
    return HTTPStatus.NOT_FOUND if problem else HTTPStatus.OK
