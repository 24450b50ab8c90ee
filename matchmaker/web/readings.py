"""The page that asks an author whether what we read in their text is right.

The task that was saved sends its author here when the text newly says something, with the terms in
the address. Pressing "Add these" adds what is ticked; everything else leaves all as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.readings import Reading, ReadTerm
from matchmaker.web.forms.readings import ReadTermsForm
from matchmaker.web.lifecycle import commit


def page_about(asked: Sequence[ReadTerm], endpoint: str, **values: Any) -> str:
    """The address of a page that asks about these terms."""
    return url_for(endpoint, term=[read.key for read in asked], **values)


def confirm(
    look: Callable[[], Reading],
    add: Callable[[list[ReadTerm], int], object],
    *,
    back: str,
    onward: str,
) -> ResponseReturnValue:
    """Ask about the terms in the address, or go `onward` where there is nothing to ask.

    `look` reads the text, `add` adds confirmed terms on top of a version; `back` is the page of the
    text.
    """
    reading = look()
    asked = _asked(reading)
    if not asked:
        return _nothing_left(onward)
    form = ReadTermsForm(data={"version": reading.version})
    form.show_terms(asked)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            add(form.ticked(asked), form.version.number)
        except DomainError as error:
            db.session.rollback()
            form.show_error(error)
            if isinstance(error, StaleVersion):
                # Adding again is then a decision, about what is left to ask.
                status, reading = 409, look()
                asked = _asked(reading)
                form.version.data = str(reading.version)
                form.show_terms(asked)
        else:
            commit()
            added = ", ".join(read.term.heading for read in form.ticked(asked))
            flash(_("Added: %(terms)s", terms=added), "success")
            return redirect(onward)
    if not asked:
        return _nothing_left(onward)
    return render_template("readings/confirm.html", form=form, back=back, onward=onward), status


def _asked(reading: Reading) -> list[ReadTerm]:
    return reading.unchosen(among=set(request.args.getlist("term")))


def _nothing_left(onward: str) -> ResponseReturnValue:
    """Go on; whoever pressed the button is told why, since another window was quicker."""
    if request.method == "POST":
        flash(_("There was nothing left to add."), "information")
    return redirect(onward)
