"""`matchmaker demo`: a made-up world to try things with."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from matchmaker.demo import DEMO_PASSWORD, DEMO_SIGN_INS, DemoRefused, load_demo, load_year


@click.command("demo")
@click.option("--without-year", is_flag=True, help="Without what is there for the figures only.")
@with_appcontext
def demo(*, without_year: bool) -> None:
    """Load a year of made-up people, programmes and introductions, and print the sign-ins.

    The figures of its months are made by `matchmaker jobs`, or `matchmaker statistics build`. A
    second run changes nothing. Production refuses.
    """
    now = datetime.now(UTC)
    try:
        loaded = load_demo(now=now)
        if not without_year:
            load_year(now=now)
    except DemoRefused as error:
        raise click.ClickException(str(error)) from error
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(
            f"The database is not ready ({error.orig}). Run `matchmaker db upgrade` first."
        ) from error
    if loaded.is_new:
        click.echo(
            f"The demo is loaded: {loaded.people} people, {loaded.organisations} organisations, "
            f"{loaded.programmes} programmes, {loaded.introductions} introductions and "
            f"{loaded.districts} postcode districts."
        )
    else:
        click.echo("The demo is here already. Nothing was changed.")
    click.echo("\nSign in as:")
    width = max(len(each.email) for each in DEMO_SIGN_INS)
    for each in DEMO_SIGN_INS:
        click.echo(f"  {each.email:<{width}}  {each.label}")
    click.echo(f"Everybody's password: {DEMO_PASSWORD}")
