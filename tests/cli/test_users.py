from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.cli.users import create_user
from matchmaker.extensions import db
from matchmaker.models import LinkToken, OutboxMail, User
from matchmaker.services import passwords
from tests.factories import FIFE, make_user

PASSWORD = "purple kettle over the harbour"


@pytest.fixture
def run(app):
    """Run `matchmaker create-user` with arguments and typed input."""

    def invoke(*arguments, typed=""):
        return app.test_cli_runner().invoke(create_user, arguments, input=typed)

    return invoke


def read_user(app):
    with app.app_context():
        user = db.session.scalars(select(User)).one()
        return user, [scope.area_code for scope in user.lead_scopes]


def test_first_administrator_is_made_with_a_password(app, run):
    result = run(
        *("Mairi@Example.org", "--name", "Mairi Campbell", "--administrator", "--password"),
        typed=f"{PASSWORD}\n{PASSWORD}\n",
    )
    assert result.exit_code == 0, result.output
    assert "mairi@example.org: administrator." in result.output
    assert PASSWORD not in result.output
    user, scopes = read_user(app)
    assert (user.email, user.name, user.is_administrator, scopes) == (
        "mairi@example.org",
        "Mairi Campbell",
        True,
        [],
    )
    assert passwords.verify_password(user.password_hash, PASSWORD)


def test_without_a_password_a_link_is_mailed_that_gives_the_roles(app, run):
    result = run("mairi@example.org", "--lead", "Fife", "--lead", "S92000003")
    assert result.exit_code == 0, result.output
    assert "link is on its way" in result.output
    with app.app_context():
        assert db.session.scalars(select(User)).all() == []
        details = db.session.scalars(select(LinkToken)).one().details
        assert details["lead_areas"] == [FIFE, "S92000003"]
        assert db.session.scalars(select(OutboxMail)).one().recipient == "mairi@example.org"


def test_account_that_exists_gets_the_roles(app, run, writing):
    with writing():
        make_user(email="mairi@example.org", name="Mairi")
    result = run("mairi@example.org", "--administrator", "--lead", FIFE)
    assert result.exit_code == 0, result.output
    user, scopes = read_user(app)
    assert (user.name, user.is_administrator, scopes) == ("Mairi", True, [FIFE])
    assert "no special role" not in result.output


def test_account_without_roles_is_said_to_have_none(run):
    result = run(
        *("mairi@example.org", "--name", "Mairi", "--password"), typed=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert "no special role" in result.output


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (["no address"], "", "e-mail"),
        (["a@example.org", "--lead", "Narnia"], "", "no area"),
        (["a@example.org", "--password"], "", "Enter your name"),
        (["a@example.org", "--name", "A", "--password"], "short\nshort\n", "at least 15"),
    ],
)
def test_wrong_input_ends_with_2_and_changes_nothing(app, run, arguments, typed, words):
    result = run(*arguments, typed=typed)
    assert result.exit_code == 2
    assert words in result.output
    with app.app_context():
        assert db.session.scalars(select(User)).all() == []
        assert db.session.scalars(select(OutboxMail)).all() == []
