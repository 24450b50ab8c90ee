"""Practice examples: read by everybody, told by the two, and read for us by a lead."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import ExampleState, Introduction, PracticeExample, Side
from matchmaker.services import example_offers, practice_examples, published_examples
from matchmaker.services.errors import AlreadyAnswered, DomainError, StaleVersion
from matchmaker.services.policy import Action
from matchmaker.web.access import access, current_actor, require_user
from matchmaker.web.forms.base import Form
from matchmaker.web.forms.introductions import ActForm
from matchmaker.web.forms.practice_examples import (
    AgreeForm,
    ExampleForm,
    FindExamplesForm,
    PublishForm,
    SendBackForm,
    WithdrawForm,
    example_form,
)
from matchmaker.web.from_url import example_from_url, introduction_from_url, row_id
from matchmaker.web.introduction_page import acting_side
from matchmaker.web.lifecycle import commit, now

blueprint = Blueprint("practice_examples", __name__)

ON_ONE_PAGE = 20


@blueprint.get("/examples")
@access(Action.VIEW_PUBLIC)
def index() -> ResponseReturnValue:
    """What others have done, searched and narrowed down."""
    form = FindExamplesForm()
    filters = form.filters()
    found = published_examples.list_published(filters)
    last_page = max(1, -(-len(found) // ON_ONE_PAGE))
    page = min(row_id(request.args.get("page", "")) or 1, last_page)
    shown = found[(page - 1) * ON_ONE_PAGE : page * ON_ONE_PAGE]
    return render_template(
        "practice_examples/index.html",
        form=form,
        total=len(found),
        examples=[published_examples.as_public(each) for each in shown],
        page=page,
        last_page=last_page,
        is_narrowed=any((filters.words, filters.condition_group, filters.approach_group)),
    )


@blueprint.get("/examples/<int:example_id>")
@access(Action.VIEW_PUBLIC, subject=example_from_url)
def show(example: PracticeExample) -> ResponseReturnValue:
    """One example; one that was taken off the site says so, and no more."""
    if example.is_published:
        return render_template(
            "practice_examples/show.html",
            example=example,
            told=published_examples.as_public(example),
        )
    if example.taken_down_at is None:
        abort(404)
    return render_template("practice_examples/gone.html"), 410


@blueprint.route("/introductions/<int:introduction_id>/example/write", methods=["GET", "POST"])
@access(Action.TELL_EXAMPLE, subject=introduction_from_url)
def write(introduction: Introduction) -> ResponseReturnValue:
    """Write an example, or change its words."""
    side, user = acting_side(introduction), require_user()
    form, example = _open_form(introduction, side)
    if example is None and not example_offers.is_worth_telling(introduction):
        abort(404)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            written = practice_examples.write(
                introduction,
                side,
                form.details(),
                version=form.version.number,
                actor=user,
                now=now(),
            )
        except DomainError as error:
            status = 409 if isinstance(error, StaleVersion) else 422
            db.session.rollback()
            example = practice_examples.find_current(introduction)
            form.version.data = str(0 if example is None else example.version)
            form.show_error(error)
        else:
            example_id = written.id
            commit()
            flash(_("What you wrote has been saved for both of you."), "success")
            return redirect(url_for(".ours", example_id=example_id))
    page = render_template(
        "practice_examples/write.html",
        form=form,
        introduction=introduction,
        side=side,
        example=example,
        theirs=published_examples.as_public(example) if example and status == 409 else None,
    )
    return page, status


@blueprint.get("/examples/<int:example_id>/ours")
@access(Action.TELL_EXAMPLE, subject=example_from_url)
def ours(example: PracticeExample) -> ResponseReturnValue:
    """The example as the two see it: its words, who agrees, and what is still to be done."""
    return _own_page(example, AgreeForm(formdata=None))


@blueprint.post("/examples/<int:example_id>/agree")
@access(Action.TELL_EXAMPLE, subject=example_from_url)
def agree(example: PracticeExample) -> ResponseReturnValue:
    """Agree to the words that were on the page."""
    example_id, user = example.id, require_user()
    side = acting_side(example.introduction)
    form = AgreeForm().for_side(side)
    try:
        practice_examples.agree(
            example,
            side,
            version=form.version.number,
            is_kept_when_erased=form.kept is not None and bool(form.kept.data),
            actor=user,
            now=now(),
        )
    except AlreadyAnswered:
        raise
    except DomainError as error:
        db.session.rollback()
        form.show_error(error)
        return _own_page(_fresh(example_id), form), 409
    commit()
    flash(_("Thank you. You agree to these words."), "success")
    return redirect(url_for(".ours", example_id=example_id))


@blueprint.post("/examples/<int:example_id>/take-back")
@access(Action.TELL_EXAMPLE, subject=example_from_url)
def take_back(example: PracticeExample) -> ResponseReturnValue:
    """Take one's consent back before it is public."""
    example_id, side = example.id, acting_side(example.introduction)
    practice_examples.take_back(example, side, actor=require_user(), now=now())
    commit()
    flash(_("You have taken your consent back. Nothing is published."), "success")
    return redirect(url_for(".ours", example_id=example_id))


@blueprint.route("/examples/<int:example_id>/withdraw", methods=["GET", "POST"])
@access(Action.TELL_EXAMPLE, subject=example_from_url)
def withdraw(example: PracticeExample) -> ResponseReturnValue:
    """Tell it no more, after a question."""
    introduction_id, side = example.introduction_id, acting_side(example.introduction)
    form = WithdrawForm()
    if form.validate_on_submit():
        practice_examples.withdraw(example, side, actor=require_user(), now=now())
        commit()
        flash(_("The example has been withdrawn. Nobody can read it any more."), "success")
        return redirect(url_for("introductions.show", introduction_id=introduction_id))
    if example.state is ExampleState.WITHDRAWN:
        return redirect(url_for(".ours", example_id=example.id))
    return render_template("practice_examples/withdraw.html", form=form, example=example, side=side)


@blueprint.get("/lead/examples")
@access(Action.REVIEW_EXAMPLES)
def queue() -> ResponseReturnValue:
    """The examples that wait to be read for us."""
    waiting = practice_examples.list_waiting(current_actor())
    return render_template(
        "practice_examples/queue.html",
        examples=[(each, published_examples.as_public(each)) for each in waiting],
    )


@blueprint.get("/lead/examples/<int:example_id>")
@access(Action.REVIEW_EXAMPLE, subject=example_from_url)
def review(example: PracticeExample) -> ResponseReturnValue:
    """Read an example as it would be published."""
    form = PublishForm(formdata=None, data={"version": str(example.version)})
    return _review_page(example, form)


@blueprint.post("/lead/examples/<int:example_id>/publish")
@access(Action.REVIEW_EXAMPLE, subject=example_from_url)
def publish(example: PracticeExample) -> ResponseReturnValue:
    """Publish an example."""
    form, example_id = PublishForm(), example.id
    if not form.validate():
        return _review_page(example, form), 422
    practice_examples.publish(example, version=form.version.number, actor=require_user(), now=now())
    commit()
    flash(_("The example is public now. Both sides have been told."), "success")
    return redirect(url_for(".show", example_id=example_id))


@blueprint.route("/lead/examples/<int:example_id>/send-back", methods=["GET", "POST"])
@access(Action.REVIEW_EXAMPLE, subject=example_from_url)
def send_back(example: PracticeExample) -> ResponseReturnValue:
    """Ask the two for other words; what is public is taken off the site."""
    form, was_public = SendBackForm(), example.is_published
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        practice_examples.send_back(example, form.note.data or "", actor=require_user(), now=now())
        commit()
        flash(_("The example has gone back to both sides."), "success")
        return redirect(url_for(".queue"))
    page = render_template(
        "practice_examples/send_back.html", form=form, example=example, was_public=was_public
    )
    return page, status


def _open_form(
    introduction: Introduction, side: Side
) -> tuple[ExampleForm, PracticeExample | None]:
    """The form, and the example it is about, if there is one."""
    example = practice_examples.find_current(introduction)
    if example is None:
        details, version = practice_examples.first_details(introduction, side), 0
    else:
        details, version = practice_examples.details_of(example, side), example.version
    return example_form(introduction.programme, side, details, version=version), example


def _own_page(example: PracticeExample, form: AgreeForm) -> str:
    side = acting_side(example.introduction)
    # What is agreed to is what is on the page.
    form.version.data = str(example.version)
    if "kept" in form:
        form.for_side(side)
    return render_template(
        "practice_examples/ours.html",
        form=form,
        example=example,
        told=published_examples.as_public(example),
        side=side,
        is_complete=practice_examples.is_complete(example),
        act_form=ActForm(formdata=None),
    )


def _review_page(example: PracticeExample, form: Form) -> str:
    return render_template(
        "practice_examples/review.html",
        form=form,
        example=example,
        told=published_examples.as_public(example),
        is_readable=example.state in (ExampleState.WAITING, ExampleState.PUBLISHED),
    )


def _fresh(example_id: int) -> PracticeExample:
    """The example as it is after a rollback."""
    found = practice_examples.find_example(example_id)
    if found is None:
        abort(404)
    return found
