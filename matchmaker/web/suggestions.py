"""The first questions and the suggestions they lead to, with and without an account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.models import DismissalKind, Professional, Programme, Side, TermField
from matchmaker.services import answers, dismissals, matching, places
from matchmaker.services.answering_habits import habits_of
from matchmaker.services.answers import Answers, NotUnderstood
from matchmaker.services.clock import long_date
from matchmaker.services.dismissals import DismissalReason
from matchmaker.services.matching import Door, SuggestedProgramme
from matchmaker.services.places import Nearness, Place
from matchmaker.services.policy import Action
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web.access import access, require_profile, require_user
from matchmaker.web.forms.suggestions import DISMISSAL_REASONS, NotForUsForm, StartForm
from matchmaker.web.from_url import programme_from_url
from matchmaker.web.lifecycle import after_page, commit, now

blueprint = Blueprint("suggestions", __name__)

ON_ONE_PAGE = 10
MOST_ON_ONE_PAGE = 50


@dataclass(frozen=True, slots=True)
class Card:
    """One suggestion as the page shows it."""

    programme: Programme
    label: str
    facts: tuple[str, ...]
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    door: str | None


@dataclass(frozen=True, slots=True)
class Missed:
    """An answer that was not understood; each link tries again with what may have been meant."""

    field: str
    wording: str
    instead: dict[str, str]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question in the summary above the suggestions; the links change it or leave it out."""

    name: str
    question: str
    value: str
    change: str
    leave_out: str | None


@blueprint.get("/")
@access(Action.VIEW_PUBLIC)
def start() -> ResponseReturnValue:
    """Say what this is, and ask the questions."""
    return render_template("suggestions/start.html", form=StartForm())


@blueprint.get("/try")
@access(Action.VIEW_PUBLIC)
def try_out() -> ResponseReturnValue:
    """Suggest programmes from the answers in the address."""
    given = answers.from_query(request.args.to_dict(flat=False))
    typed = request.args.get("where", "")
    district = places.district_of(typed)
    if district is not None and typed != district:
        # A full postcode does not stay in the address, where it would be bookmarked and shared.
        return redirect(url_for(".try_out", **given.query()))
    if given.is_empty and not given.not_understood:
        form = StartForm()
        form.form_errors.append(_("Answer one question or more, so that we can suggest something"))
        return render_template("suggestions/start.html", form=form)
    n_shown = _number_to_show()
    found = matching.suggest_for_answers(given, now=now(), top=n_shown + 1)
    has_more = len(found) > n_shown
    # Nothing is written down here: the privacy notice says so, and a flood of visits fills nothing.
    found = found[:n_shown]
    return render_template(
        "suggestions/try_out.html",
        cards=_cards(found, [given.place] if given.place else []),
        has_more=has_more,
        more=_next_page(".try_out", n_shown, **given.query()) if has_more else None,
        rows=_answer_rows(given),
        not_understood=[_missed(given, each) for each in given.not_understood],
        start_again=url_for(".start", **given.query()),
        keep=url_for("accounts.register", **given.query()),
    )


@blueprint.get("/suggestions")
@access(Action.SEE_OWN_SUGGESTIONS)
def index() -> ResponseReturnValue:
    """Suggest programmes from the professional's own profile."""
    professional = require_profile()
    n_shown = _number_to_show()
    found = matching.explore_for_professional(professional, now=now(), top=n_shown + 1)
    has_more = len(found) > n_shown
    found = found[:n_shown]
    _record(found, n_shown)
    put_aside = dismissals.list_put_aside(Side.PROFESSIONAL, own=professional, now=now())
    return render_template(
        "suggestions/index.html",
        cards=_cards(found, _places_of(professional)),
        has_more=has_more,
        more=_next_page(".index", n_shown) if has_more else None,
        n_put_aside=len(put_aside),
    )


@blueprint.post("/suggestions/<int:programme_id>/not-now")
@access(Action.PROPOSE_TO_PROGRAMME, subject=programme_from_url)
def not_now(programme: Programme) -> ResponseReturnValue:
    """Put a suggestion aside for 90 days."""
    dismissals.put_aside(
        Side.PROFESSIONAL,
        require_profile(),
        programme,
        kind=DismissalKind.NOT_NOW,
        actor=require_user(),
        now=now(),
    )
    commit()
    flash(_("We will not suggest %(name)s for 90 days.", name=programme.name), "success")
    return redirect(url_for(".index"))


@blueprint.route("/suggestions/<int:programme_id>/not-for-us", methods=["GET", "POST"])
@access(Action.PROPOSE_TO_PROGRAMME, subject=programme_from_url)
def not_for_us(programme: Programme) -> ResponseReturnValue:
    """Ask why, and put a suggestion aside for good."""
    form = NotForUsForm()
    if not form.validate_on_submit():
        return render_template("suggestions/not_for_us.html", form=form, programme=programme)
    dismissals.put_aside(
        Side.PROFESSIONAL,
        require_profile(),
        programme,
        kind=DismissalKind.NOT_FOR_US,
        reason=DismissalReason(form.reason.data),
        actor=require_user(),
        now=now(),
    )
    commit()
    flash(_("We will not suggest %(name)s again.", name=programme.name), "success")
    return redirect(url_for(".index"))


@blueprint.get("/suggestions/put-aside")
@access(Action.SEE_OWN_SUGGESTIONS)
def put_aside() -> ResponseReturnValue:
    """List what the professional put aside, to bring it back."""
    rows = dismissals.list_put_aside(Side.PROFESSIONAL, own=require_profile(), now=now())
    return render_template(
        "suggestions/put_aside.html",
        rows=[(programme, dismissal) for dismissal, _professional, programme in rows],
        reasons={reason.value: label for reason, label in DISMISSAL_REASONS.items()},
    )


@blueprint.post("/suggestions/<int:programme_id>/bring-back")
@access(Action.PROPOSE_TO_PROGRAMME, subject=programme_from_url)
def bring_back(programme: Programme) -> ResponseReturnValue:
    """Let a programme be suggested again."""
    dismissals.bring_back(
        Side.PROFESSIONAL,
        require_profile(),
        programme,
        actor=require_user(),
        now=now(),
    )
    commit()
    flash(_("We may suggest %(name)s again.", name=programme.name), "success")
    return redirect(url_for(".put_aside"))


def _number_to_show() -> int:
    wanted = request.args.get("show", ON_ONE_PAGE, type=int)
    return max(ON_ONE_PAGE, min(wanted, MOST_ON_ONE_PAGE))


def _next_page(endpoint: str, n_shown: int, **query: Any) -> str | None:
    """The address of the longer list; None where the list is as long as lists get."""
    if n_shown >= MOST_ON_ONE_PAGE:
        return None
    return url_for(endpoint, **query, show=n_shown + ON_ONE_PAGE)


def _record(found: Sequence[SuggestedProgramme], n_shown: int) -> None:
    """Write down what is shown; of a longer list only what the shorter one had not shown."""
    moment = now()
    if found:
        after_page(
            lambda: matching.record_shown(
                found,
                shown_to=Side.PROFESSIONAL,
                now=moment,
                first_rank=n_shown - ON_ONE_PAGE + 1,
            )
        )


def _places_of(professional: Professional) -> list[Place]:
    return [places.place_from_row(area.area_code, area.district) for area in professional.areas]


def _cards(found: Sequence[SuggestedProgramme], origins: Sequence[Place]) -> list[Card]:
    habits = habits_of(Side.PROGRAMME, [each.programme.id for each in found], now=now())
    return [
        Card(
            programme=each.programme,
            label=each.match.label,
            facts=(*_facts(each, origins), *habits[each.programme.id].sentences),
            reasons=tuple(_reasons(each)),
            cautions=tuple(f"{text[:1].upper()}{text[1:]}." for text in each.match.cautions),
            door=_door(each),
        )
        for each in found
    ]


def _reasons(suggestion: SuggestedProgramme) -> Iterable[str]:
    """Why the professional may want it, and whether the programme looks for their profession.

    The rest of what a programme looks for mirrors what it offers. That it works online stands
    among the facts.
    """
    for reason in (*suggestion.reasons, *suggestion.their_reasons):
        is_wish = reason.side == Side.PROFESSIONAL and reason.relation != "online"
        if is_wish or (reason.field == "profession" and reason.relation == "same"):
            yield reason.text


def _facts(suggestion: SuggestedProgramme, origins: Sequence[Place]) -> Iterable[str]:
    """Where it is and when it was last checked, shortly."""
    programme = suggestion.programme
    near = places.nearness(origins, [area.area_code for area in programme.areas])
    is_online = suggestion.match.route == "online"
    if is_online and programme.organisation.is_claimed:
        yield _("Online")
    else:
        if near is not None:
            yield _where(near)
        if is_online:
            # Of an imported entry nobody has said how it works; only that it is not near is known.
            yield _("Ask whether they work online")
    if programme.last_checked_at is None:
        yield _("Nobody has checked this entry yet")
    else:
        yield _("Last checked %(day)s", day=long_date(programme.last_checked_at))


def _door(suggestion: SuggestedProgramme) -> str | None:
    """What is unusual about the one card that was left to chance."""
    if suggestion.door is None:
        return None
    return {
        Door.NEW: _("They are new here, and few people know them yet."),
        Door.OTHER_APPROACH: _("They work in another way than those you named."),
        Door.NEIGHBOURING_AREA: _("They are from a neighbouring area."),
    }[suggestion.door]


def _where(near: Nearness) -> str:
    if near.serves is None:
        return _("About %(miles)s miles away", miles=near.miles)
    if near.is_local:
        return _("In your area")
    return _("Serves %(area)s", area=load_vocabulary().areas.label(near.serves))


def _answer_rows(given: Answers) -> list[AnswerRow]:
    """Every question with its answer, whether it was answered or not."""
    query = given.query()
    questions = {
        "profession": (_("You are"), _profession(given)),
        "where": (_("Where"), given.place.label if given.place else ""),
        "conditions": (_("Help for"), ", ".join(given.wordings(TermField.CONDITION))),
        "approaches": (_("Kind of support"), ", ".join(given.wordings(TermField.APPROACH))),
        "text": (_("Anything else"), given.text),
    }
    return [
        AnswerRow(
            name=name,
            question=question,
            value=value,
            change=url_for(".start", **query, _anchor=name),
            leave_out=_without(query, name) if value else None,
        )
        for name, (question, value) in questions.items()
    ]


def _missed(given: Answers, missed: NotUnderstood) -> Missed:
    query = given.query()
    field, wording = missed.field, missed.wording
    present = query[field]

    def instead(meant: str) -> str:
        if isinstance(present, str):
            return url_for(".try_out", **{**query, field: meant})
        corrected = [meant if each == wording else each for each in present]
        return url_for(".try_out", **{**query, field: corrected})

    return Missed(field, wording, {meant: instead(meant) for meant in missed.did_you_mean})


def _profession(given: Answers) -> str:
    if given.profession is None:
        return ""
    return load_vocabulary().professions[given.profession].heading


def _without(query: dict[str, Any], name: str) -> str | None:
    """The same page without one answer; None where it is the only one."""
    rest = {each: value for each, value in query.items() if each != name}
    return url_for(".try_out", **rest) if rest else None
