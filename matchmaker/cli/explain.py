"""`matchmaker explain`: every number behind one pair, for whoever looks after the engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from math import exp
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

from matchmaker.cli.matching import WrongInput
from matchmaker.extensions import db
from matchmaker.models import Professional, Programme, Side
from matchmaker.services import programmes
from matchmaker.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from matchmaker.engine import Suggestion

# Up to the largest number that an id can be in the database.
ID = click.IntRange(min=1, max=2**31 - 1)


@click.command()
@click.argument("professional_id", metavar="PROFESSIONAL", type=ID)
@click.argument("programme_id", metavar="PROGRAMME", type=ID)
@with_appcontext
def explain(professional_id: int, programme_id: int) -> None:
    """Show how the score of PROFESSIONAL and PROGRAMME, given by their numbers, is made up.

    A pair with a score may still not be suggested: the programme may be a draft or full this month,
    a side may have put the other aside, or the two may have next to nothing in common.
    """
    from matchmaker import engine  # noqa: PLC0415 -- slow to import, not needed for --help
    from matchmaker.services import matching  # noqa: PLC0415

    professional = db.session.get(Professional, professional_id)
    if professional is None:
        raise WrongInput(_("There is no professional %(number)d.", number=professional_id))
    programme = programmes.find_programme(programme_id)
    if programme is None:
        raise WrongInput(_("There is no programme %(number)d.", number=programme_id))
    answer = matching.explain(
        professional, programme, now=datetime.now(UTC), reader=Side.PROFESSIONAL
    )
    click.echo(_title(professional, programme))
    if isinstance(answer, engine.Refusal):
        click.echo(_("Never suggested. %(reason)s", reason=answer.reason))
        return
    for line in _lines(answer):
        click.echo(line)


def _title(professional: Professional, programme: Programme) -> str:
    """Who they are; a professional by number and profession alone, never by name."""
    profession = professional.profession
    return _(
        "Professional %(professional)d (%(profession)s), programme %(programme)d (%(name)s)",
        professional=professional.id,
        profession=load_vocabulary().professions[profession].label
        if profession
        else _("not given"),
        programme=programme.id,
        name=programme.name or _("no name yet"),
    )


def _lines(match: Suggestion) -> Iterator[str]:
    headings = {
        Side.PROFESSIONAL: _("What the professional looks for (“you” is the professional):"),
        Side.PROGRAMME: _("What the programme looks for:"),
    }
    for side, heading in headings.items():
        yield ""
        yield heading
        yield from _sum(match, side)
    yield ""
    yield _(
        "score %(score).4f = %(professional).4f · %(programme).4f",
        score=match.score,
        professional=_probability(match.z.professional),
        programme=_probability(match.z.programme),
    )
    yield _("label: %(label)s", label=match.label)
    yield _("route: %(route)s", route=match.route)
    for caution in match.cautions:
        yield _("caution: %(caution)s", caution=caution)


def _sum(match: Suggestion, side: Side) -> Iterator[str]:
    """Base, reasons and rest one below the other, and what they come to."""
    yield _row(getattr(match.base, side), _("base"))
    for reason in match.reasons:
        if reason.side == side:
            yield _row(reason.points, f"{reason.field}: {reason.text}")
    n_smaller = getattr(match.n_smaller, side)
    rest = ngettext("rest (%(num)d smaller term)", "rest (%(num)d smaller terms)", n_smaller)
    yield _row(getattr(match.rest, side), rest)
    z = getattr(match.z, side)
    total = _("z; probability of a yes %(probability).4f", probability=_probability(z))
    yield _row(z, total, sign="=")


def _row(points: float, name: str, sign: str = " ") -> str:
    return f" {sign} {points:+8.4f}  {name}"


def _probability(z: float) -> float:
    return 1 / (1 + exp(-z))
