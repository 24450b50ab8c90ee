"""The page that asks an author whether what we read in their text is right.

The task that was saved sends its author here when the text newly says something, with the terms in
the address. Pressing "Add these" adds what is ticked; everything else leaves all as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matchmaker.extensions import db
from matchmaker.services.errors import DomainError, StaleVersion
from matchmaker.services.readings import ReadTerm, Reading
from matchmaker.web.forms.readings import ReadTermsForm, value_of
from matchmaker.web.lifecycle import commit


def in_address(asked: Sequence[ReadTerm]) -> dict[str, list[str]]:
    """What to ask about, as the page's address holds it."""
    return {"term": [value_of(read) for read in asked]}


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
        return redirect(onward)
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
                form.version.data = str(reading.version)
                form.show_terms(_asked(reading))
        else:
            commit()
            flash(_("Your answers have been saved."), "success")
            return redirect(onward)
    return render_template("readings/confirm.html", form=form, back=back, onward=onward), status


def _asked(reading: Reading) -> list[ReadTerm]:
    wanted = set(request.args.getlist("term"))
    return [read for read in reading.unchosen() if value_of(read) in wanted]
