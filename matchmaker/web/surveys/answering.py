"""Answering a survey page by page, looking at what was said, sending it, taking a quote back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import SurveyAnswer, SurveyInvitation, SurveyQuestion, SurveySection
from matchmaker.services.errors import DomainError
from matchmaker.services.policy import Action
from matchmaker.services.surveys import answering, audience
from matchmaker.services.surveys.answering import SurveyClosed
from matchmaker.services.surveys.choices import SECTIONS, label_of
from matchmaker.services.surveys.waves import questions_of, sections_of
from matchmaker.web.access import access, current_actor
from matchmaker.web.forms.surveys import SendForm, page_form
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.surveys import blueprint

CHECK = "check"


def own_invitation_from_url(wave_id: int, section: str | None = None) -> SurveyInvitation | None:
    """The invitation of whoever sends this request; one page of the survey must ask something."""
    invitation = audience.find_invitation(wave_id, current_actor().user_id)
    if invitation is None or section is None:
        return invitation
    return invitation if section in sections_of(invitation.wave) else None


@blueprint.get("/")
@access(Action.USE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Every survey somebody was asked to answer."""
    asked = audience.list_asked(current_actor())
    return render_template(
        "surveys/index.html",
        asked=[(each, audience.is_open(each.wave, now=now())) for each in asked],
    )


@blueprint.get("/<int:wave_id>")
@access(Action.ANSWER_SURVEY, subject=own_invitation_from_url)
def show(invitation: SurveyInvitation) -> ResponseReturnValue:
    """What a survey is about and how far somebody has come; after closing, what they said."""
    wave = invitation.wave
    response = answering.own_response(invitation)
    pages = sections_of(wave)
    return render_template(
        "surveys/show.html",
        wave=wave,
        is_open=audience.is_open(wave, now=now()),
        is_sent=response is not None and response.is_sent,
        has_begun=response is not None,
        first_page=pages[0] if pages else None,
        said=_said(invitation),
        quotable=[each for each in answering.own_answers(invitation).values() if each.may_quote],
    )


@blueprint.route("/<int:wave_id>/<section>", methods=["GET", "POST"])
@access(Action.ANSWER_SURVEY, subject=own_invitation_from_url)
def answer(invitation: SurveyInvitation) -> ResponseReturnValue:
    """One page of questions; saving it leads to the next."""
    wave, section = invitation.wave, _section()
    if request.method == "GET" and not audience.is_open(wave, now=now()):
        return redirect(url_for(".show", wave_id=wave.id))
    questions = questions_of(wave, section)
    form = page_form(questions, answering.own_answers(invitation))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            answering.save_page(invitation, section, form.given(questions), now=now())
            commit()
            return redirect(_after(invitation, section))
        except SurveyClosed as error:
            return _closed(invitation, error, form.typed(questions))
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    pages = sections_of(wave)
    page = render_template(
        "surveys/page.html",
        wave=wave,
        form=form,
        pairs=form.pairs(questions),
        title=SECTIONS[section],
        section=section,
        number=pages.index(section) + 1,
        pages=len(pages),
        back=_before(invitation, section),
    )
    return page, status


@blueprint.route("/<int:wave_id>/check", methods=["GET", "POST"])
@access(Action.ANSWER_SURVEY, subject=own_invitation_from_url)
def check(invitation: SurveyInvitation) -> ResponseReturnValue:
    """Everything that was said, and the button that sends it."""
    wave = invitation.wave
    if request.method == "GET" and not audience.is_open(wave, now=now()):
        return redirect(url_for(".show", wave_id=wave.id))
    form = SendForm()
    if form.validate_on_submit():
        try:
            answering.send(invitation, now=now())
            commit()
            flash(_("Thank you. Your answers have been sent."), "success")
            return redirect(url_for(".show", wave_id=wave.id))
        except SurveyClosed as error:
            return _closed(invitation, error, [])
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
    page = render_template("surveys/check.html", wave=wave, form=form, said=_said(invitation))
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/<int:wave_id>/take-back")
@access(Action.ANSWER_SURVEY, subject=own_invitation_from_url)
def take_back(invitation: SurveyInvitation) -> ResponseReturnValue:
    """Withdraw the consent to quote a text; before or after closing."""
    answering.take_back_quote(invitation, request.form.get("answer", ""))
    commit()
    flash(_("These words are not quoted any more, from now on."), "success")
    return redirect(url_for(".show", wave_id=invitation.wave_id))


def _section() -> SurveySection:
    found = request.view_args or {}
    return SurveySection(found["section"])


def _said(invitation: SurveyInvitation) -> list[dict[str, object]]:
    """What somebody said, page by page, for the list of answers."""
    answers = answering.own_answers(invitation)
    return [
        {
            "section": section,
            "title": SECTIONS[section],
            "rows": [
                {"key": each.wording, "value": _answer_text(each, answers.get(each.id))}
                for each in questions_of(invitation.wave, section)
            ],
        }
        for section in sections_of(invitation.wave)
    ]


def _answer_text(question: SurveyQuestion, given: SurveyAnswer | None) -> str:
    if given is None:
        return ""
    if not given.text:
        return label_of(question, given.choice)
    if given.may_quote:
        return _("%(text)s\n\nThis may be quoted.", text=given.text)
    return given.text


def _after(invitation: SurveyInvitation, section: SurveySection) -> str:
    """The next page; back to all answers for somebody who changes one of them."""
    pages = sections_of(invitation.wave)
    place = pages.index(section) + 1
    if place == len(pages) or request.args.get("from") == CHECK:
        return url_for(".check", wave_id=invitation.wave_id)
    return url_for(".answer", wave_id=invitation.wave_id, section=pages[place])


def _before(invitation: SurveyInvitation, section: SurveySection) -> str:
    pages = sections_of(invitation.wave)
    place = pages.index(section)
    if request.args.get("from") == CHECK:
        return url_for(".check", wave_id=invitation.wave_id)
    if place == 0:
        return url_for(".show", wave_id=invitation.wave_id)
    return url_for(".answer", wave_id=invitation.wave_id, section=pages[place - 1])


def _closed(
    invitation: SurveyInvitation, error: SurveyClosed, typed: list[tuple[str, str]]
) -> ResponseReturnValue:
    """What was typed, for somebody to copy: it is stored nowhere."""
    sentence, wave = str(error), invitation.wave
    db.session.rollback()
    page = render_template("surveys/closed.html", wave=wave, sentence=sentence, typed=typed)
    return page, 409
