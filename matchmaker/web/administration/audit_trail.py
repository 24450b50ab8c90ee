"""The audit trail: a page of it, and a file."""

from __future__ import annotations

import re

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.services.administration import audit_trail as service
from matchmaker.services.administration import people
from matchmaker.services.administration.audit_trail import EVENTS_SHOWN, Filters
from matchmaker.services.csv_export import as_csv
from matchmaker.services.errors import DomainError, FieldError
from matchmaker.services.policy import Action
from matchmaker.web.access import access
from matchmaker.web.administration import blueprint
from matchmaker.web.administration.paging import same_questions
from matchmaker.web.forms.administration import AuditForm
from matchmaker.web.from_url import row_id

BEFORE = "before"
HERE = "administration.audit_trail"
COLUMNS = ("at", "actor_user_id", "action", "subject_type", "subject_id", "details")
SUBJECT = re.compile(r"([a-z_]+)(?:\s+([0-9]{1,9}))?")


@blueprint.get("/audit")
@access(Action.ADMINISTER)
def audit_trail() -> ResponseReturnValue:
    """What happened, the latest first; `?before=` goes on from an event."""
    form = AuditForm()
    filters = _filters_for_page(form)
    before_id = row_id(request.args.get(BEFORE, ""))
    lines = [] if filters is None else service.list_events(filters, before_id=before_id)
    has_older = len(lines) == EVENTS_SHOWN
    return render_template(
        "administration/audit_trail.html",
        form=form,
        is_asked=bool(set(request.args) - {BEFORE}),
        lines=lines,
        older=same_questions(HERE, before=lines[-1].event.id) if has_older else None,
        latest=same_questions(HERE, before=None) if before_id else None,
        file=same_questions("administration.audit_csv", before=None),
        most=service.EVENTS_EXPORTED,
    )


@blueprint.get("/audit.csv")
@access(Action.ADMINISTER)
def audit_csv() -> ResponseReturnValue:
    """The same as a file, without names; nothing where the questions make no sense."""
    filters = _filters_for_page(AuditForm())
    rows = () if filters is None else service.export_rows(filters)
    return Response(
        as_csv(COLUMNS, rows),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="audit-trail.csv"'},
    )


def _filters_for_page(form: AuditForm) -> Filters | None:
    """What the form asks for; None where it could not be understood, which the form then says."""
    if not form.validate():
        return None
    try:
        return _filters(form)
    except DomainError as error:
        form.show_error(error)
        return None


def _filters(form: AuditForm) -> Filters:
    """What was typed, as filters.

    Raises:
        FieldError: There is no such person, or no such way to name a subject.
    """
    person = None
    if form.person.data:
        person = people.find_by_words(form.person.data)
        if person is None:
            raise FieldError("person", _("Nobody has this e-mail address or number"))
    subject = SUBJECT.fullmatch(form.subject.data or "")
    if form.subject.data and subject is None:
        raise FieldError("subject", _("Enter what it was about, like organisation 12"))
    return Filters(
        person=person,
        action=form.action.data or "",
        subject_type="" if subject is None else subject[1],
        subject_id=None if subject is None or subject[2] is None else int(subject[2]),
        since=form.since.data,
        until=form.until.data,
    )
