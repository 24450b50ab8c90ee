"""Asking for an introduction, answering one, and taking an answer back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import (
    DeclineReason,
    Introduction,
    IntroductionState,
    Programme,
    Proposer,
    Side,
    Waiting,
)
from matchmaker.services import handing_on, introductions, questions
from matchmaker.services.answering_habits import habits_of
from matchmaker.services.clock import long_date
from matchmaker.services.errors import DomainError
from matchmaker.services.hindrances import refuse_if_hindered
from matchmaker.services.introduction_lookups import list_introductions
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action, Pairing
from matchmaker.web.access import access, current_actor, require_profile, require_user
from matchmaker.web.forms.answers import ColleagueForm, DeclineForm, OtherProgrammeForm
from matchmaker.web.forms.introductions import ActForm, ProposeForm
from matchmaker.web.from_url import introduction_from_url, pairing_from_url, programme_from_url
from matchmaker.web.introduction_page import (
    act,
    act_on_page,
    acting_side,
    heading_of,
    page,
)
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.suggested_words import PURPOSES, prefill

blueprint = Blueprint("introductions", __name__, url_prefix="/introductions")


@blueprint.get("/")
@access(Action.USE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Every introduction of mine, what waits for me first."""
    actor = current_actor()
    rows = [(introduction, acting_side(introduction)) for introduction in list_introductions(actor)]
    return render_template(
        "introductions/index.html",
        groups=_grouped(rows),
        headings={each.id: heading_of(each, side) for each, side in rows},
        facts={introduction.id: _facts(introduction) for introduction, _side in rows},
    )


@blueprint.route("/new/<int:programme_id>", methods=["GET", "POST"])
@access(Action.PROPOSE_TO_PROGRAMME, subject=programme_from_url)
def propose(programme: Programme) -> ResponseReturnValue:
    """A professional asks to be introduced to a programme."""
    return _propose(Pairing(require_profile(), programme), Proposer.PROFESSIONAL)


@blueprint.route("/new/<int:programme_id>/<int:professional_id>", methods=["GET", "POST"])
@access(Action.PROPOSE_FOR_PROGRAMME, subject=pairing_from_url)
def propose_for_programme(pairing: Pairing) -> ResponseReturnValue:
    """A programme asks to be introduced to a professional, whose name it does not know yet."""
    return _propose(pairing, Proposer.PROGRAMME)


@blueprint.get("/<int:introduction_id>")
@access(Action.VIEW_INTRODUCTION, subject=introduction_from_url)
def show(introduction: Introduction) -> ResponseReturnValue:
    """One introduction, as one of its sides sees it."""
    return page(introduction)


@blueprint.post("/<int:introduction_id>/accept")
@access(Action.ANSWER_INTRODUCTION, subject=introduction_from_url)
def accept(introduction: Introduction) -> ResponseReturnValue:
    """Say yes."""
    side, user = acting_side(introduction), require_user()

    def _accept() -> str:
        answered = introductions.accept(introduction, side, actor=user, now=now())
        return said_yes_sentence(answered)

    return act(introduction, ActForm(), _accept)


@blueprint.route("/<int:introduction_id>/decline", methods=["GET", "POST"])
@access(Action.ANSWER_INTRODUCTION, subject=introduction_from_url)
def decline(introduction: Introduction) -> ResponseReturnValue:
    """Say no, and why."""
    form = DeclineForm()
    side, user = acting_side(introduction), require_user()

    def _decline() -> str:
        introductions.decline(
            introduction,
            side,
            reason=DeclineReason(form.reason.data),
            note=form.note.data or "",
            actor=user,
            now=now(),
        )
        return said_no_sentence()

    return act_on_page(
        introduction,
        form,
        "introductions/decline.html",
        _decline,
        may_hand_on=side is Side.PROFESSIONAL
        or bool(handing_on.list_sister_programmes(introduction.programme)),
    )


@blueprint.route("/<int:introduction_id>/colleague", methods=["GET", "POST"])
@access(Action.ANSWER_INTRODUCTION, subject=introduction_from_url)
def hand_on(introduction: Introduction) -> ResponseReturnValue:
    """Say no, and name a colleague: another programme, or somebody's work e-mail."""
    side, user = acting_side(introduction), require_user()
    if side is Side.PROGRAMME:
        other = OtherProgrammeForm()
        other.offer(handing_on.list_sister_programmes(introduction.programme))

        def _name() -> str:
            handing_on.pass_to_programme(
                introduction, other.passed_to.data, note="", actor=user, now=now()
            )
            return handed_on_sentence()

        return act_on_page(introduction, other, "introductions/colleague.html", _name)
    form = ColleagueForm()

    def _tell() -> str:
        handing_on.pass_to_colleague(
            introduction, form.colleague_email.data or "", note="", actor=user, now=now()
        )
        return handed_on_sentence()

    return act_on_page(introduction, form, "introductions/colleague.html", _tell)


@blueprint.route("/<int:introduction_id>/withdraw", methods=["GET", "POST"])
@access(Action.WITHDRAW_INTRODUCTION, subject=introduction_from_url)
def withdraw(introduction: Introduction) -> ResponseReturnValue:
    """Take back a yes."""
    form = ActForm()
    side, user = acting_side(introduction), require_user()

    def _withdraw() -> str:
        introductions.withdraw(introduction, side, actor=user, now=now())
        return _("You have withdrawn. Contact details are hidden again.")

    return act_on_page(introduction, form, "introductions/withdraw.html", _withdraw)


def said_yes_sentence(introduction: Introduction) -> str:
    """What somebody reads who has just said yes."""
    if introduction.is_released:
        return _("You have been introduced. You can now see how to reach each other.")
    return _("Thank you. We are now waiting for the other side's answer.")


def said_no_sentence() -> str:
    """What somebody reads who has just said no."""
    return _("You said no. Your reason stays private.")


def handed_on_sentence() -> str:
    """What somebody reads who has just said no and named a colleague."""
    return _("You said no, and we have passed it on. Thank you for thinking of them.")


def _propose(pairing: Pairing, proposed_by: Proposer) -> ResponseReturnValue:
    form = ProposeForm()
    asking = Side(proposed_by)
    prefill(form.purpose, PURPOSES[asking])
    if form.validate_on_submit():
        try:
            introduction = introductions.propose(
                pairing.professional,
                pairing.programme,
                proposed_by=proposed_by,
                purpose=form.purpose.data or "",
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(_("You have asked for an introduction."), "success")
            return redirect(url_for("introductions.show", introduction_id=introduction.id))
    professional, programme = pairing.professional, pairing.programme
    other_id = programme.id if asking is Side.PROFESSIONAL else professional.id
    return render_template(
        "introductions/propose.html",
        form=form,
        programme=programme,
        professional=limited_view(professional, programme),
        is_professional=asking is Side.PROFESSIONAL,
        hindrance=_hindrance(pairing, proposed_by),
        habits=habits_of(asking.other, [other_id], now=now())[other_id].sentences,
        words=PURPOSES[asking],
    )


def _hindrance(pairing: Pairing, proposed_by: Proposer) -> str | None:
    """Why there is no use in asking, to be read before anything is typed."""
    try:
        refuse_if_hindered(
            pairing.professional, pairing.programme, proposed_by=proposed_by, now=now()
        )
    except DomainError as error:
        return str(error)
    return None


def _grouped(
    rows: list[tuple[Introduction, Side]],
) -> dict[str, list[tuple[Introduction, Side]]]:
    """Rows by what they ask of this person: to answer, to wait, to work on, or nothing more."""
    groups: dict[str, list[tuple[Introduction, Side]]] = {
        "to_answer": [],
        "waiting": [],
        "under_way": [],
        "over": [],
    }
    asked_by = questions.sides_that_asked(introduction for introduction, _side in rows)
    for introduction, side in rows:
        groups[_group_of(introduction, side, asked_by)].append((introduction, side))
    return groups


def _facts(introduction: Introduction) -> list[str]:
    changed = _("Changed on %(day)s", day=long_date(introduction.state_changed_at))
    if introduction.waiting_for is not None:
        return [_waits(introduction.waiting_for), changed]
    if introduction.state is IntroductionState.PROPOSED:
        return [_("Answer by %(day)s", day=long_date(introduction.answer_due_at))]
    if introduction.next_step_on is not None and introduction.closed_at is None:
        return [_("Next step on %(day)s", day=long_date(introduction.next_step_on)), changed]
    return [changed]


def _waits(waiting_for: Waiting) -> str:
    sentence: str = {
        Waiting.PLACES: _("Waits for places"),
        Waiting.CLAIM: _("Waits until the organisation joins"),
        Waiting.AWAY: _("Waits for somebody who is away"),
        Waiting.QUESTION: _("Waits for a reply to a question"),
    }[waiting_for]
    return sentence


def _group_of(introduction: Introduction, side: Side, asked_by: Mapping[int, Side]) -> str:
    if introduction.closed_at is not None:
        return "over"
    if introduction.state is not IntroductionState.PROPOSED:
        return "under_way"
    return "to_answer" if questions.is_turn_of(introduction, side, asked_by) else "waiting"
