"""A list on paper, as a table, in a mail of one's own, and behind a link that holds all of it.

The link names the programmes, so that nothing is stored to share a list, and nobody can tell who
made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.extensions import db
from matchmaker.services import saved_lists
from matchmaker.services.clock import london_date
from matchmaker.services.csv_export import as_csv
from matchmaker.services.errors import DomainError
from matchmaker.services.mail import page_address
from matchmaker.services.policy import Action
from matchmaker.services.public_record import PublicFacts, facts_of, shortened
from matchmaker.services.saved_lists import (
    MOST_PROGRAMMES,
    ListEntry,
    ProgrammeList,
    clean_name,
    entries_of,
)
from matchmaker.web.access import access, current_actor, signed_in_user
from matchmaker.web.from_url import row_id
from matchmaker.web.lifecycle import commit, now
from matchmaker.web.lists import blueprint, device
from matchmaker.web.lists.in_use import present_list

# Mail programs on Windows take no longer address than this, of which a mail is one.
LONGEST_MAIL_LINK = 1900
# On paper, three programmes in large type then fit one page.
LONGEST_DESCRIPTION_ON_PAPER = 110


@blueprint.get("/list/print")
@access(Action.VIEW_PUBLIC)
def paper() -> ResponseReturnValue:
    """The list in use in large type, for somebody to take away."""
    return _paper(present_list(current_actor()), back=url_for(".show"))


@blueprint.get("/list/download.csv")
@access(Action.VIEW_PUBLIC)
def table() -> ResponseReturnValue:
    """The list in use for a spreadsheet."""
    return _table(present_list(current_actor()))


@blueprint.get("/lists/shared")
@access(Action.VIEW_PUBLIC)
def shared() -> ResponseReturnValue:
    """A list that somebody passed on, all of which stands in the address."""
    kept = list_in(request.args.to_dict(flat=False))
    entries = entries_of(kept)
    return render_template(
        "lists/shared.html",
        kept=kept,
        rows=rows_of(entries),
        n_gone=sum(entry.programme is None for entry in entries),
        query=query_of(kept),
    )


@blueprint.get("/lists/shared/print")
@access(Action.VIEW_PUBLIC)
def shared_paper() -> ResponseReturnValue:
    """A list that somebody passed on, in large type."""
    kept = list_in(request.args.to_dict(flat=False))
    return _paper(kept, back=url_for(".shared", **query_of(kept)))


@blueprint.get("/lists/shared/download.csv")
@access(Action.VIEW_PUBLIC)
def shared_table() -> ResponseReturnValue:
    """A list that somebody passed on, for a spreadsheet."""
    return _table(list_in(request.args.to_dict(flat=False)))


@blueprint.post("/lists/keep")
@access(Action.VIEW_PUBLIC)
def keep() -> ResponseReturnValue:
    """Keep a list that somebody passed on: in the account as a list of its own, or on the device.

    On a device there is one list, to which what is new in the other is added.
    """
    wanted = list_in(request.form.to_dict(flat=False))
    try:
        n_added = _keep(wanted)
    except DomainError as error:
        db.session.rollback()
        flash(str(error), "error")
        return redirect(url_for(".shared", **query_of(wanted)))
    commit()
    flash(
        ngettext("%(num)d programme is kept now.", "%(num)d programmes are kept now.", n_added)
        if n_added
        else _("All of these were on your list already."),
        "success",
    )
    return redirect(url_for(".show"))


def list_in(answers: dict[str, list[str]]) -> ProgrammeList:
    """The list in an address or a form: `p` for each programme, and a `name`."""
    numbers = [row_id(each) for each in answers.get("p", ())]
    wanted = dict.fromkeys(each for each in numbers if each is not None)
    name = clean_name((answers.get("name") or [""])[0])
    return ProgrammeList(name, tuple(wanted)[:MOST_PROGRAMMES])


def query_of(kept: ProgrammeList) -> dict[str, Any]:
    """The same list as the values of an address."""
    return {"p": list(kept.programme_ids), **({"name": kept.name} if kept.name else {})}


def link_to(kept: ProgrammeList) -> str:
    """The address that holds the list."""
    return page_address("lists.shared", **query_of(kept))


def mail_link(kept: ProgrammeList, entries: Iterable[ListEntry]) -> str:
    """An address that begins a mail of the visitor's own with the list in it.

    Of a long list, only the names, and in the end only the link, are written out.
    """
    facts = [facts_of(each.programme) for each in entries if each.programme is not None]
    link = link_to(kept)
    subject = quote(kept.title)
    for write in (_paragraph, lambda each: each.name):
        blocks = [*map(write, facts), _("The whole list: %(link)s", link=link)]
        address = f"mailto:?subject={subject}&body={quote(_mail_lines(blocks))}"
        if len(address) <= LONGEST_MAIL_LINK:
            return address
    return f"mailto:?subject={subject}&body={quote(link)}"


def rows_of(entries: Iterable[ListEntry]) -> list[tuple[ListEntry, PublicFacts]]:
    """What is still public, with what is known of it in words."""
    return [(each, facts_of(each.programme)) for each in entries if each.programme is not None]


def _mail_lines(blocks: Sequence[str]) -> str:
    """Paragraphs as RFC 6068 wants the line ends of a mail's body written."""
    return "\r\n\r\n".join(blocks).replace("\r\n", "\n").replace("\n", "\r\n")


def _paragraph(facts: PublicFacts) -> str:
    lines = [facts.name]
    if facts.organisation != facts.name:
        lines.append(facts.organisation)
    lines += [*facts.where, *facts.when, facts.phone, facts.website]
    return "\n".join(line for line in lines if line)


def _keep(wanted: ProgrammeList) -> int:
    """Keep what is public of a list; returns how many programmes are kept that were not before."""
    user = signed_in_user()
    if user is not None:
        return len(saved_lists.begin_list(wanted, actor=user, now=now()).entries)
    before = kept = device.read()
    for entry in entries_of(wanted):
        if entry.programme is not None:
            kept = kept.with_programme(entry.programme_id)
    if not before.programme_ids and not before.name:
        kept = ProgrammeList(wanted.name, kept.programme_ids)
    device.write(kept)
    return len(kept.programme_ids) - len(before.programme_ids)


def _paper(kept: ProgrammeList, *, back: str) -> ResponseReturnValue:
    rows = [
        (facts, shortened(facts.description, LONGEST_DESCRIPTION_ON_PAPER))
        for _entry, facts in rows_of(entries_of(kept))
    ]
    return render_template("lists/paper.html", kept=kept, rows=rows, back=back, today=now())


def _table(kept: ProgrammeList) -> Response:
    headings = (
        *(_("Programme"), _("Organisation"), _("What it is"), _("Where"), _("When")),
        *(_("Phone"), _("E-mail"), _("Website"), _("Cost"), _("Last checked"), _("Page")),
    )
    written = as_csv(
        headings,
        (
            (
                *(facts.name, facts.organisation, facts.description),
                *("; ".join(facts.where), "; ".join(facts.when)),
                *(facts.phone, facts.email, facts.website, facts.cost, facts.last_checked),
                page_address("programmes.show", programme_id=entry.programme_id),
            )
            for entry, facts in rows_of(entries_of(kept))
        ),
    )
    name = f"programmes-{london_date(now()):%Y-%m-%d}.csv"
    return Response(
        written,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
