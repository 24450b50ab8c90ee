"""A button pressed several times at once acts, and breaks nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from matchmaker.models import SavedList
from tests.web.markup import csrf_token
from tests.web.world import build_world, sign_in

PRESSES = 5
BUTTONS = {
    "start a profile": ("newcomer", "/profile/start", {}),
    "not now": ("other_professional", "/suggestions/{programme_id}/not-now", {}),
    "bring back": ("other_professional", "/suggestions/{programme_id}/bring-back", {}),
    "put aside": (
        "owner",
        "/programmes/{programme_id}/suggestions/{professional_id}/put-aside",
        {"kind": "not_now"},
    ),
    "invite": (
        "owner",
        "/organisations/{organisation_id}/invite",
        {"email": "new@example.org", "role": "editor"},
    ),
    "ask to meet": ("other_professional", "/introductions/new/{programme_id}", {"purpose": "Talk"}),
    "record a contact": (
        "professional",
        "/contacts/new",
        {"met": "Una", "met_on-day": "1", "met_on-month": "6", "met_on-year": "2026"},
    ),
    "say how it goes": (
        "professional",
        "/check-ins/{check_in_id}",
        {"going": "going", "came_of_it": "partly", "would_help": "time"},
    ),
    "reflect": (
        "professional",
        "/profile/development/contacts/{contact_id}",
        {"body": "I now ask about stairs.", "version": "0"},
    ),
    "publish a change": (
        "owner",
        "/programmes/changes/{edit_id}/publish",
        {"version": "1", "change_version": "1"},
    ),
    "withdraw": ("professional", "/introductions/{introduction_id}/withdraw", {}),
    "add to the list": ("newcomer", "/lists/add", {"programme": "{programme_id}"}),
}


@pytest.mark.parametrize("button", BUTTONS)
def test_button_pressed_several_times_at_once_breaks_nothing(app, writing, button):
    person, address, answers = BUTTONS[button]
    with writing():
        world = build_world()
    address = address.format(**world.values)
    answers = {name: text.format(**world.values) for name, text in answers.items()}
    windows = [_window(app, world.users[person], writing) for _ in range(PRESSES)]
    if button == "bring back":
        client, token = windows[0]
        client.post(address.replace("bring-back", "not-now"), data={"csrf_token": token})
    together = Barrier(PRESSES)

    def press(window):
        client, token = window
        together.wait(timeout=30)
        return client.post(address, data={**answers, "csrf_token": token}).status_code

    with ThreadPoolExecutor(PRESSES) as pool:
        statuses = list(pool.map(press, windows))
    assert 302 in statuses, statuses
    assert max(statuses) < 500, statuses
    if button == "add to the list":
        with writing() as session:
            whose = SavedList.user_id == world.users[person].id
            (kept,) = session.scalars(select(SavedList).where(whose))
            assert len(kept.entries) == 1


def _window(app, user, writing):
    client = app.test_client()
    sign_in(client, user, writing)
    return client, csrf_token(client.get("/account/name").text)
