"""The rules themselves; `tests/web/test_access_matrix.py` holds the pages to them."""

from __future__ import annotations

import pytest

from matchmaker.models import Organisation, Professional, Programme
from matchmaker.services.policy import ANONYMOUS, Action, Actor, Pairing, may

OWNER = Actor(user_id=1, owned_organisation_ids=frozenset({7}))
EDITOR = Actor(user_id=2, edited_organisation_ids=frozenset({7}))
OUTSIDER = Actor(user_id=3, owned_organisation_ids=frozenset({8}))
EDITING = (Action.EDIT_ORGANISATION, Action.EDIT_PROGRAMME)
OWN = (Organisation(id=7), Programme(id=1, organisation_id=7))


@pytest.mark.parametrize("action", EDITING)
@pytest.mark.parametrize("subject", OWN, ids=["organisation", "programme"])
def test_members_in_either_role_change_what_is_their_organisations(action, subject):
    assert may(OWNER, action, subject)
    assert may(EDITOR, action, subject)
    assert not may(OUTSIDER, action, subject)
    assert not may(ANONYMOUS, action, subject)


@pytest.mark.parametrize("action", [*EDITING, Action.MANAGE_MEMBERS])
@pytest.mark.parametrize(
    "subject",
    [None, Professional(id=7), Pairing(Professional(id=7), OWN[1])],
    ids=["nothing", "professional", "pairing"],
)
def test_being_a_member_gives_no_right_to_anything_of_another_kind(action, subject):
    assert not may(OWNER, action, subject)
