"""A professional's profile, as a list of tasks."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from matchmaker.extensions import db
from matchmaker.models import Professional
from matchmaker.services import answers, professionals
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.policy import Action
from matchmaker.services.professionals import Task
from matchmaker.services.readings import NOTHING_WRITTEN, Reading, ReadTerm
from matchmaker.web import readings
from matchmaker.web.access import access, require_profile, require_user
from matchmaker.web.forms.profile import FORMS, StartProfileForm, TaskForm
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.profile_summary import rows, visibility

blueprint = Blueprint("profile", __name__, url_prefix="/profile")

TITLES: dict[Task, LazyString] = {
    Task.WORK: _l("What you do"),
    Task.PLACES: _l("Where you work"),
    Task.PEOPLE: _l("Who you work with"),
    Task.APPROACHES: _l("How you like to work"),
    Task.SEEKING: _l("What you are looking for"),
    Task.ENGAGEMENT: _l("How far you want to go"),
    Task.VISIBILITY: _l("Being found"),
}


@blueprint.route("/start", methods=["GET", "POST"])
@access(Action.START_PROFILE)
def start() -> ResponseReturnValue:
    """Begin a profile, with the answers in the address if there are any."""
    user = require_user()
    if user.professional is not None:
        return redirect(url_for(".tasks"))
    form = StartProfileForm()
    if not form.validate_on_submit():
        return render_template("profile/start.html", form=form)
    given = answers.from_query(request.args.to_dict(flat=False))
    try:
        professional = professionals.start_profile(user, given, now=now())
    except DomainError:
        db.session.rollback()
        return redirect(url_for(".tasks"))
    commit()
    flash(_("Your profile is started. Nobody can find it until you say so."), "success")
    return _after_saving(professional, Task.SEEKING, before=NOTHING_WRITTEN)


@blueprint.get("/")
@access(Action.EDIT_PROFILE)
def tasks() -> ResponseReturnValue:
    """The list of tasks, and what is still open."""
    professional = require_profile()
    done = professionals.completed_tasks(professional)
    listed = [
        {
            "title": TITLES[task],
            "href": url_for(".edit", task=task.value),
            "is_done": task in done,
            "status": visibility(professional) if task is Task.VISIBILITY else None,
        }
        for task in Task
    ]
    return render_template(
        "profile/tasks.html", tasks=listed, n_done=len(done), n_tasks=len(listed)
    )


@blueprint.route(f"/<any({','.join(Task)}):task>", methods=["GET", "POST"])
@access(Action.EDIT_PROFILE)
def edit(task: str) -> ResponseReturnValue:
    """One task: its questions, with the present answers."""
    professional = require_profile()
    before = professionals.reading(professional, Task(task))
    form_class = FORMS[Task(task)]
    form = form_class(data={**form_class.answers_of(professional), "version": professional.version})
    if not form.validate_on_submit():
        return _task_page(Task(task), form)
    try:
        professionals.save(
            professional,
            form.change(),
            version=form.version.number,
            actor=require_user(),
            now=now(),
        )
    except StaleVersion as error:
        db.session.rollback()
        form.show_error(error)
        # Saving again is then a decision: it is on top of what the other window saved.
        form.version.data = str(professional.version)
        return _task_page(Task(task), form), 409
    except DomainError as error:
        db.session.rollback()
        form.show_error(error)
        return _task_page(Task(task), form)
    commit()
    flash(_("Saved: %(task)s", task=TITLES[Task(task)]), "success")
    return _after_saving(professional, Task(task), before=before)


@blueprint.route(
    f"/<any({','.join(professionals.TEXTS)}):task>/what-we-read", methods=["GET", "POST"]
)
@access(Action.EDIT_PROFILE)
def confirm_read(task: str) -> ResponseReturnValue:
    """What we read in the text of a task, for its author to confirm."""
    professional = require_profile()

    def add(terms: list[ReadTerm], version: int) -> None:
        change = professionals.Confirmed(Task(task), terms)
        professionals.save(professional, change, version=version, actor=require_user(), now=now())

    return readings.confirm(
        lambda: professionals.reading(professional, Task(task)),
        add,
        back=url_for(".edit", task=task),
        onward=url_for(".tasks"),
    )


@blueprint.get("/answers")
@access(Action.EDIT_PROFILE)
def check_answers() -> ResponseReturnValue:
    """All answers on one page, each with a way to change it."""
    professional = require_profile()
    sections = [{"title": TITLES[task], "rows": rows(professional, task)} for task in Task]
    return render_template("profile/answers.html", sections=sections)


@blueprint.get("/preview")
@access(Action.EDIT_PROFILE)
def preview() -> ResponseReturnValue:
    """What an organisation may see before both have said yes."""
    professional = require_profile()
    return render_template(
        "profile/preview.html",
        seen=professionals.fullest_view(professional),
        is_findable=professional.is_findable,
    )


def _after_saving(
    professional: Professional, task: Task, *, before: Reading
) -> ResponseReturnValue:
    """Ask about what the text of the task newly says, or go back to the list."""
    asked = professionals.reading(professional, task).newly_said(before)
    if asked:
        return redirect(readings.page_about(asked, ".confirm_read", task=task.value))
    return redirect(url_for(".tasks"))


def _task_page(task: Task, form: TaskForm) -> str:
    return render_template("profile/task.html", form=form, title=TITLES[task], task=task)
