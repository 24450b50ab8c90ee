"""Whom a programme might meet: suggestions, and putting one aside."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.models import DismissalKind, Programme, ProgrammeStatus, Side
from matchmaker.services import capacity, dismissals, matching
from matchmaker.services.answering_habits import Habits, habits_of
from matchmaker.services.dismissals import DismissalReason
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action, Pairing, may_be_found
from matchmaker.web.access import access, require_user
from matchmaker.web.forms.programmes import PutAsideForm
from matchmaker.web.from_url import pairing_from_url, programme_from_url
from matchmaker.web.lifecycle import after_page, commit, now
from matchmaker.web.programmes import blueprint

MOST_SUGGESTIONS = 10


@blueprint.get("/<int:programme_id>/suggestions")
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def suggestions(programme: Programme) -> ResponseReturnValue:
    """Professionals it might meet, with no more of them than may be seen before both say yes."""
    moment = now()
    can_meet = programme.is_published and programme.status is ProgrammeStatus.OPEN
    free = capacity.free_places(programme, moment)
    suggested = (
        matching.explore_for_programme(programme, now=moment, top=MOST_SUGGESTIONS)
        if can_meet and free != 0
        else []
    )
    if suggested:
        after_page(lambda: matching.record_shown(suggested, shown_to=Side.PROGRAMME, now=moment))
    habits = habits_of(Side.PROFESSIONAL, [each.professional.id for each in suggested], now=moment)
    aside = dismissals.list_put_aside(Side.PROGRAMME, own=programme, now=moment)
    return render_template(
        "programmes/suggestions.html",
        programme=programme,
        can_meet=can_meet,
        free=free,
        cards_shown=[
            _suggestion_card(each, programme, habits[each.professional.id]) for each in suggested
        ],
        put_aside=[
            {
                "professional_id": professional.id,
                "view": limited_view(professional, programme),
                "until": dismissal.until_at,
            }
            for dismissal, professional, _programme in aside
            if may_be_found(professional)
        ],
    )


@blueprint.route(
    "/<int:programme_id>/suggestions/<int:professional_id>/put-aside", methods=["GET", "POST"]
)
@access(Action.PROPOSE_FOR_PROGRAMME, subject=pairing_from_url)
def put_aside(pairing: Pairing) -> ResponseReturnValue:
    """Stop suggesting somebody: for a while, or for good and why."""
    form = PutAsideForm()
    if form.validate_on_submit():
        is_for_now = form.kind.data == DismissalKind.NOT_NOW
        dismissals.put_aside(
            Side.PROGRAMME,
            pairing.professional,
            pairing.programme,
            kind=DismissalKind(form.kind.data),
            actor=require_user(),
            now=now(),
            reason=None if is_for_now else DismissalReason(form.reason.data),
        )
        commit()
        flash(
            _("Put aside for 90 days.") if is_for_now else _("They are not suggested any more."),
            "success",
        )
        return redirect(url_for("programmes.suggestions", programme_id=pairing.programme.id))
    page = render_template(
        "programmes/put_aside.html",
        form=form,
        programme=pairing.programme,
        professional=limited_view(pairing.professional, pairing.programme),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/<int:programme_id>/suggestions/<int:professional_id>/bring-back")
@access(Action.PROPOSE_FOR_PROGRAMME, subject=pairing_from_url)
def bring_back(pairing: Pairing) -> ResponseReturnValue:
    """Suggest somebody again who was put aside."""
    dismissals.bring_back(
        Side.PROGRAMME, pairing.professional, pairing.programme, actor=require_user(), now=now()
    )
    commit()
    flash(_("They can be suggested again."), "success")
    return redirect(url_for("programmes.suggestions", programme_id=pairing.programme.id))


def _suggestion_card(
    suggested: matching.SuggestedProfessional, programme: Programme, habits: Habits
) -> dict[str, object]:
    """What a card shows: of the professional their limited view, and how soon they answer."""
    return {
        "professional_id": suggested.professional.id,
        "view": limited_view(suggested.professional, programme),
        "label": suggested.match.label,
        "reasons": [reason.text for reason in suggested.reasons],
        "is_online": suggested.match.route == "online",
        "door": _door(suggested),
        "habits": habits.sentences,
    }


def _door(suggested: matching.SuggestedProfessional) -> str | None:
    """What is unusual about the one card that was left to chance."""
    return {
        None: None,
        matching.Door.OTHER_APPROACH: _("They work in another way than your programme names."),
        matching.Door.NEIGHBOURING_AREA: _("They are from a neighbouring area."),
    }[suggested.door]
