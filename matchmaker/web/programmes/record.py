"""Writing a programme down: draft, edit, preview, and the page that everybody sees."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.models import (
    Introduction,
    Organisation,
    Programme,
    ProgrammeStatus,
    TermField,
)
from matchmaker.services import capacity, introductions, programme_calendar, programmes
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.policy import Action
from matchmaker.services.programme_details import (
    details_of,
    missing_for_publishing,
    read_labels,
    reading,
    unrecognised_wordings,
)
from matchmaker.services.programme_times import sentence
from matchmaker.services.readings import NOTHING_WRITTEN, Reading, ReadTerm
from matchmaker.vocabulary import load_vocabulary
from matchmaker.web import readings
from matchmaker.web.access import access, require_user, signed_in_user
from matchmaker.web.forms.programmes import (
    DELIVERY_SENTENCES,
    ProgrammeForm,
    answers_of,
)
from matchmaker.web.from_url import organisation_from_query, programme_from_url
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.programmes import blueprint


@blueprint.route("/new", methods=["GET", "POST"])
@access(Action.EDIT_ORGANISATION, subject=organisation_from_query)
def new(organisation: Organisation) -> ResponseReturnValue:
    """Begin a programme as a draft."""
    form = ProgrammeForm()
    is_adding = form.act_on_entries()
    if not is_adding and form.validate_on_submit():
        try:
            programme = programmes.create_programme(
                organisation, form.details(), actor=require_user(), now=now()
            )
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
        else:
            commit()
            return _after_saving(form, programme, before=NOTHING_WRITTEN)
    status = 422 if form.is_submitted() and not is_adding else 200
    page = render_template(
        "programmes/form.html", form=form, organisation=organisation, programme=None
    )
    return page, status


@blueprint.get("/<int:programme_id>")
@access(Action.VIEW_PROGRAMME, subject=programme_from_url)
def show(programme: Programme) -> ResponseReturnValue:
    """What anybody may know about a programme, and the way to an introduction."""
    return render_template(
        "programmes/show.html",
        under_way=_introduction_under_way(programme),
        **_record(programme),
    )


@blueprint.route("/<int:programme_id>/edit", methods=["GET", "POST"])
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def edit(programme: Programme) -> ResponseReturnValue:
    """Change a programme, draft or published."""
    form = ProgrammeForm(data=answers_of(details_of(programme), version=programme.version))
    programme_id, status = programme.id, 200
    before = reading(programme)
    if form.act_on_entries():
        pass
    elif form.validate_on_submit():
        try:
            programme = programmes.edit_programme(
                programme,
                form.details(),
                version=form.version.number,
                actor=require_user(),
                now=now(),
            )
        except DomainError as error:
            status = 409 if isinstance(error, StaleVersion) else 422
            db.session.rollback()
            form.show_error(error)
            if isinstance(error, StaleVersion):
                # Saving again is then a decision, after a look at what the other person wrote.
                fresh = db.session.get_one(Programme, programme_id, populate_existing=True)
                form.version.data = str(fresh.version)
        else:
            commit()
            return _after_saving(form, programme, before=before)
    elif form.is_submitted():
        status = 422
    kept = programmes.find_programme(programme_id)
    page = render_template(
        "programmes/form.html",
        form=form,
        programme=kept,
        organisation=None if kept is None else kept.organisation,
    )
    return page, status


@blueprint.get("/<int:programme_id>/preview")
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def preview(programme: Programme) -> ResponseReturnValue:
    """The page as others would see it, with what is still missing."""
    return render_template(
        "programmes/preview.html",
        missing=[] if programme.is_published else missing_for_publishing(programme),
        **_record(programme),
    )


@blueprint.route("/<int:programme_id>/what-we-read", methods=["GET", "POST"])
@access(Action.EDIT_PROGRAMME, subject=programme_from_url)
def confirm_read(programme: Programme) -> ResponseReturnValue:
    """What we read in the description, for its author to confirm."""

    def add(terms: list[ReadTerm], version: int) -> None:
        programmes.confirm_read(programme, terms, version=version, actor=require_user(), now=now())

    return readings.confirm(
        lambda: reading(programme),
        add,
        back=url_for("programmes.edit", programme_id=programme.id),
        onward=_onward(programme, is_for_later="later" in request.args),
    )


def _after_saving(
    form: ProgrammeForm, programme: Programme, *, before: Reading
) -> ResponseReturnValue:
    unknown = unrecognised_wordings(programme)
    if unknown:
        flash(
            _(
                "We did not recognise %(wordings)s. We still look for these words in what"
                " professionals write.",
                wordings=", ".join(f"“{wording}”" for wording in unknown),
            ),
            "information",
        )
    flash(_("Your answers have been saved."), "success")
    asked = reading(programme).newly_said(before)
    if not asked:
        return redirect(_onward(programme, is_for_later=form.save.data))
    return redirect(
        readings.page_about(
            asked,
            "programmes.confirm_read",
            programme_id=programme.id,
            later="yes" if form.save.data else None,
        )
    )


def _onward(programme: Programme, *, is_for_later: bool) -> str:
    """Where somebody goes who has written down a programme, or stopped for now."""
    if is_for_later:
        return url_for("organisations.manage", organisation_id=programme.organisation_id)
    return url_for("programmes.preview", programme_id=programme.id)


def _record(programme: Programme) -> dict[str, object]:
    """What the public page and its preview show."""
    # A register says nothing about these; what stands in an imported row is only a default.
    is_known = programme.organisation.is_claimed
    return {
        "programme": programme,
        "title": programme.name or _("Programme without a name"),
        "areas": area_labels(programme),
        "delivery": DELIVERY_SENTENCES[programme.delivery] if is_known else None,
        "times": [sentence(each) for each in programme.schedules],
        "has_calendar": programme_calendar.has_times(programme, now=now()),
        "ages": ages_sentence(programme.min_age, programme.max_age) if is_known else None,
        "free": capacity.free_places(programme, now()),
        "takes_introductions": programme.status is ProgrammeStatus.OPEN,
        "read_conditions": read_labels(programme, TermField.CONDITION),
        "read_approaches": read_labels(programme, TermField.APPROACH),
    }


def area_labels(programme: Programme) -> list[str]:
    """Names of the places a programme serves."""
    areas = load_vocabulary().areas
    return [areas.label(each.area_code) for each in programme.areas]


def ages_sentence(youngest: int | None, oldest: int | None) -> str:
    """Whom a programme is for, by age."""
    if youngest is not None and oldest is not None:
        return _("%(youngest)s to %(oldest)s years", youngest=youngest, oldest=oldest)
    if youngest:
        return _("%(youngest)s years and older", youngest=youngest)
    if oldest is not None:
        return _("Up to %(oldest)s years", oldest=oldest)
    return _("All ages")


def _introduction_under_way(programme: Programme) -> Introduction | None:
    """The visitor's own introduction to the programme, if they are a professional and have one."""
    user = signed_in_user()
    if user is None or user.professional is None:
        return None
    return introductions.find_open_introduction(user.professional, programme)
