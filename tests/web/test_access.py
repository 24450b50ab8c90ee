"""A view whose rule is laxer than what it does fails at once, for everybody to see."""

from __future__ import annotations

import pytest

from matchmaker import create_app
from matchmaker.services.policy import Action
from matchmaker.web.access import access, require_profile, require_user
from tests.factories import make_professional, make_user
from tests.web.world import sign_in

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def trial_app(shared_app, settings):
    """An app with views that everybody may open, and that need more than anybody."""
    trial = create_app(settings)

    @trial.get("/user")
    @access(Action.VIEW_PUBLIC)
    def user():
        return require_user().name

    @trial.get("/employer")
    @access(Action.VIEW_PUBLIC)
    def employer():
        return require_profile().employer

    return trial


@pytest.fixture
def visitor(app, trial_app):
    return trial_app.test_client()


@pytest.fixture
def newcomer(visitor, writing):
    """Somebody who has signed in and has no profile."""
    with writing():
        user = make_user(name="Ann Rae")
    sign_in(visitor, user, writing)
    return visitor


@pytest.mark.parametrize("address", ["/user", "/employer"])
def test_view_that_needs_somebody_fails_for_a_stranger(visitor, address):
    with pytest.raises(RuntimeError, match="lets people in who have not signed in"):
        visitor.get(address)


def test_view_that_needs_a_profile_fails_for_somebody_without(newcomer):
    assert newcomer.get("/user").text == "Ann Rae"
    with pytest.raises(RuntimeError, match="lets people in who have no profile"):
        newcomer.get("/employer")


def test_view_gets_the_profile_of_whoever_asks(visitor, writing):
    with writing():
        professional = make_professional(employer="Ward 6")
    sign_in(visitor, professional.user, writing)
    assert visitor.get("/employer").text == "Ward 6"
