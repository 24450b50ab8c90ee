"""Asking for an introduction, answering one, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import (
    Answer,
    DeclineReason,
    EndReason,
    Introduction,
    IntroductionState,
    Outcome,
    Professional,
    Programme,
    Proposer,
    Side,
    Waiting,
)
from matchmaker.services import introductions, partnerships
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.limited_view import limited_view
from matchmaker.services.policy import Action, Pairing, sides_of
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.introductions import (
    END_REASONS,
    OUTCOMES,
    ActForm,
    AgreementForm,
    CompleteForm,
    DeclineForm,
    EndForm,
    MessageForm,
    ProposeForm,
)
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.templating import long_date

blueprint = Blueprint("introductions", __name__, url_prefix="/introductions")


def introduction_from_url(introduction_id: int) -> Introduction | None:
    """The introduction an address names."""
    return introductions.find_introduction(introduction_id)


def programme_from_url(programme_id: int) -> Programme | None:
    """The programme an address names."""
    return db.session.get(Programme, programme_id)


def pairing_from_url(programme_id: int, professional_id: int) -> Pairing | None:
    """The programme and the professional an address names."""
    programme = db.session.get(Programme, programme_id)
    professional = db.session.get(Professional, professional_id)
    if programme is None or professional is None:
        return None
    return Pairing(professional, programme)


@blueprint.get("/")
@access(Action.USE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Every introduction of mine, what waits for me first."""
    actor = current_actor()
    rows = [
        (introduction, acting_side(introduction))
        for introduction in introductions.list_introductions(actor)
    ]
    return render_template(
        "introductions/index.html",
        groups=_grouped(rows),
        names={
            introduction.id: _name_of_professional(introduction) for introduction, _side in rows
        },
        facts={introduction.id: _facts(introduction) for introduction, _side in rows},
    )


@blueprint.route("/new/<int:programme_id>", methods=["GET", "POST"])
@access(Action.PROPOSE_TO_PROGRAMME, subject=programme_from_url)
def propose(programme: Programme) -> ResponseReturnValue:
    """A professional asks to be introduced to a programme."""
    professional = require_user().professional
    if professional is None:
        raise RuntimeError("The access rule lets only professionals in.")
    return _propose(Pairing(professional, programme), Proposer.PROFESSIONAL)


@blueprint.route("/new/<int:programme_id>/<int:professional_id>", methods=["GET", "POST"])
@access(Action.PROPOSE_FOR_PROGRAMME, subject=pairing_from_url)
def propose_for_programme(pairing: Pairing) -> ResponseReturnValue:
    """A programme asks to be introduced to a professional, whose name it does not know yet."""
    return _propose(pairing, Proposer.PROGRAMME)


@blueprint.get("/<int:introduction_id>")
@access(Action.VIEW_INTRODUCTION, subject=introduction_from_url)
def show(introduction: Introduction) -> ResponseReturnValue:
    """One introduction, as one of its sides sees it."""
    return _page(introduction)


@blueprint.post("/<int:introduction_id>/accept")
@access(Action.ANSWER_INTRODUCTION, subject=introduction_from_url)
def accept(introduction: Introduction) -> ResponseReturnValue:
    """Say yes."""
    side, user = acting_side(introduction), require_user()

    def _accept() -> str:
        answered = introductions.accept(introduction, side, actor=user, now=now())
        return said_yes_sentence(answered)

    return _act(introduction, ActForm(), _accept)


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
        return _("You said no. Your reason stays private.")

    return _act_on_page(introduction, form, "introductions/decline.html", _decline)


@blueprint.route("/<int:introduction_id>/withdraw", methods=["GET", "POST"])
@access(Action.WITHDRAW_INTRODUCTION, subject=introduction_from_url)
def withdraw(introduction: Introduction) -> ResponseReturnValue:
    """Take back a yes."""
    form = ActForm()
    side, user = acting_side(introduction), require_user()

    def _withdraw() -> str:
        introductions.withdraw(introduction, side, actor=user, now=now())
        return _("You have withdrawn. Contact details are hidden again.")

    return _act_on_page(introduction, form, "introductions/withdraw.html", _withdraw)


@blueprint.post("/<int:introduction_id>/messages")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def send_message(introduction: Introduction) -> ResponseReturnValue:
    """Write to the other side."""
    form = MessageForm(formdata=request.form, prefix="message")
    side, user = acting_side(introduction), require_user()

    def _send() -> str:
        partnerships.send_message(introduction, side, form.body.data or "", actor=user, now=now())
        return _("Your message has been sent.")

    return _act(introduction, form, _send, message_form=form)


@blueprint.post("/<int:introduction_id>/agreement")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def agree(introduction: Introduction) -> ResponseReturnValue:
    """Write down what was agreed."""
    form = AgreementForm(formdata=request.form, prefix="agreement")
    user = require_user()

    def _agree() -> str:
        partnerships.agree(
            introduction,
            shared_purpose=form.shared_purpose.data or "",
            next_step=form.next_step.data or "",
            next_step_on=form.next_step_on.data,
            version=_whole_number(form.version.data),
            actor=user,
            now=now(),
        )
        return _("What you agreed has been saved for both of you to see.")

    return _act(introduction, form, _agree, agreement_form=form)


@blueprint.post("/<int:introduction_id>/start")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def start(introduction: Introduction) -> ResponseReturnValue:
    """Say that it is under way."""
    user = require_user()

    def _start() -> str:
        partnerships.start(introduction, actor=user, now=now())
        return _("This introduction is now marked as under way.")

    return _act(introduction, ActForm(), _start)


@blueprint.post("/<int:introduction_id>/hold")
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def hold(introduction: Introduction) -> ResponseReturnValue:
    """Say that it is on hold."""
    user = require_user()

    def _hold() -> str:
        partnerships.hold(introduction, actor=user, now=now())
        return _("This introduction is now marked as on hold.")

    return _act(introduction, ActForm(), _hold)


@blueprint.route("/<int:introduction_id>/complete", methods=["GET", "POST"])
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def complete(introduction: Introduction) -> ResponseReturnValue:
    """Say that it is done, and what came of it."""
    form = CompleteForm()
    user = require_user()

    def _complete() -> str:
        partnerships.complete(
            introduction,
            outcome=Outcome(form.outcome.data),
            note=form.note.data or "",
            actor=user,
            now=now(),
        )
        return _("Thank you. This introduction is now marked as completed.")

    return _act_on_page(introduction, form, "introductions/complete.html", _complete)


@blueprint.route("/<int:introduction_id>/end", methods=["GET", "POST"])
@access(Action.WORK_ON_INTRODUCTION, subject=introduction_from_url)
def end(introduction: Introduction) -> ResponseReturnValue:
    """Say that it has ended, and why."""
    form = EndForm()
    user = require_user()

    def _end() -> str:
        partnerships.end(
            introduction,
            reason=EndReason(form.reason.data),
            note=form.note.data or "",
            actor=user,
            now=now(),
        )
        return _("This introduction is now marked as ended.")

    return _act_on_page(introduction, form, "introductions/end.html", _end)


def acting_side(introduction: Introduction) -> Side:
    """The side this person acts for.

    Somebody on both sides acts for the one the form names, or else for the one yet to answer.
    """
    sides = sides_of(current_actor(), introduction)
    # The name carries its form's prefix where a page has several forms.
    named = next((value for key, value in request.form.items() if key.endswith("side")), "")
    if named in sides:
        return Side(named)
    pending = [side for side in Side if introduction.answer_of(side) is Answer.PENDING]
    return min(sides, key=lambda side: (side not in pending, side))


def said_yes_sentence(introduction: Introduction) -> str:
    """What somebody reads who has just said yes."""
    if introduction.is_released:
        return _("You have been introduced. You can now see how to reach each other.")
    return _("Thank you. We are now waiting for the other side's answer.")


def _propose(pairing: Pairing, proposed_by: Proposer) -> ResponseReturnValue:
    form = ProposeForm()
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
    return render_template(
        "introductions/propose.html",
        form=form,
        programme=pairing.programme,
        professional=limited_view(pairing.professional, pairing.programme),
        is_professional=proposed_by is Proposer.PROFESSIONAL,
    )


def _act(
    introduction: Introduction, form: Form, do: Callable[[], str], **forms: Form
) -> ResponseReturnValue:
    """Do one thing to an introduction, then show its page; what was typed is kept on refusal."""
    introduction_id = introduction.id
    if form.validate():
        status = 422
        try:
            sentence = do()
        except StaleVersion as error:
            status = 409
            db.session.rollback()
            form.show_error(error)
        except DomainError as error:
            status = 409 if not forms else 422
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            flash(sentence, "success")
            return redirect(url_for("introductions.show", introduction_id=introduction_id))
    else:
        status = 422
    fresh = introductions.find_introduction(introduction_id)
    if fresh is None:
        abort(404)
    return _page(fresh, form=form, **forms), status


def _act_on_page(
    introduction: Introduction, form: Form, template: str, do: Callable[[], str]
) -> ResponseReturnValue:
    """Do one thing that has a page of its own for asking."""
    if form.validate_on_submit():
        return _act(introduction, form, do)
    side = acting_side(introduction)
    status = 422 if form.is_submitted() else 200
    return (
        render_template(template, introduction=introduction, form=form, side=side),
        status,
    )


def _page(introduction: Introduction, **forms: Form) -> str:
    side = acting_side(introduction)
    forms.setdefault("message_form", MessageForm(formdata=None, prefix="message"))
    agreement = forms.setdefault(
        "agreement_form", AgreementForm(formdata=None, prefix="agreement", obj=introduction)
    )
    # Whatever was typed is kept; what is saved next is checked against what is on the page now.
    agreement["version"].data = introduction.version
    return render_template(
        "introductions/show.html",
        introduction=introduction,
        side=side,
        contact=partnerships.contact_of(introduction, side.other),
        professional=limited_view(introduction.professional, introduction.programme),
        outcomes=OUTCOMES,
        end_reasons=END_REASONS,
        closed_sentence=_closed_sentence(introduction),
        **forms,
    )


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
    for introduction, side in rows:
        groups[_group_of(introduction, side)].append((introduction, side))
    return groups


def _name_of_professional(introduction: Introduction) -> str:
    """What an organisation calls the professional: by name only while details are released."""
    contact = partnerships.contact_of(introduction, Side.PROFESSIONAL)
    if contact is not None:
        return contact.name
    return limited_view(introduction.professional, introduction.programme).summary


def _facts(introduction: Introduction) -> list[str]:
    changed = _("Changed on %(day)s", day=long_date(introduction.state_changed_at))
    if introduction.waiting_for is Waiting.PLACES:
        return [_("Waits for places"), changed]
    if introduction.waiting_for is Waiting.CLAIM:
        return [_("Waits until the organisation joins"), changed]
    if introduction.state is IntroductionState.PROPOSED:
        return [_("Answer by %(day)s", day=long_date(introduction.answer_due_at))]
    if introduction.next_step_on is not None and introduction.closed_at is None:
        return [_("Next step on %(day)s", day=long_date(introduction.next_step_on)), changed]
    return [changed]


def _closed_sentence(introduction: Introduction) -> str:
    """What became of an introduction that is over and shows no contact details."""
    return {
        IntroductionState.DECLINED: _("This introduction was not taken forward."),
        IntroductionState.EXPIRED: _("Nobody answered in time, so this request has closed."),
        IntroductionState.SUPERSEDED: _("The programme has closed, so this could not go on."),
    }.get(
        introduction.state,
        _("This introduction was withdrawn. Contact details are hidden on both sides."),
    )


def _group_of(introduction: Introduction, side: Side) -> str:
    if introduction.closed_at is not None:
        return "over"
    if introduction.state is not IntroductionState.PROPOSED:
        return "under_way"
    is_mine_to_answer = (
        introduction.answer_of(side) is Answer.PENDING and introduction.waiting_for is None
    )
    return "to_answer" if is_mine_to_answer else "waiting"


def _whole_number(text: object) -> int:
    """A form's hidden number; one that was tampered with matches no version."""
    return int(text) if isinstance(text, str) and text.isdigit() else -1
