from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import inspect

from matchmaker.extensions import Base
from matchmaker.models import (
    Answer,
    Block,
    DeclineReason,
    Dismissal,
    DismissalKind,
    IntroductionMessage,
    IntroductionState,
    LinkPurpose,
    MembershipRole,
    Professional,
    Proposer,
    Report,
    ReportReason,
    Side,
)
from matchmaker.services import links, outbox, sessions
from matchmaker.services.personal_data import as_json, gather
from matchmaker.services.personal_data.all_parts import PARTS
from matchmaker.services.personal_data.introductions import _not_for_the_professional
from matchmaker.services.personal_data.left_out import IMPERSONAL, LEFT_OUT
from matchmaker.services.personal_data.part import Part
from tests.factories import (
    FIFE,
    NOW,
    make_introduction,
    make_organisation,
    make_professional,
    make_programme,
    make_user,
)
from tests.services.personal_rows import make_somebody_known_everywhere

MODELS = sorted(
    (mapper.class_ for mapper in Base.registry.mappers), key=lambda model: model.__tablename__
)


def rows_of(user, key):
    """What is held of one kind, as mappings."""
    (section,) = [each for each in gather(user) if each.key == key]
    return [{held.key: held.value for held in row} for row in section.rows]


def make_message(introduction, author, side, body):
    message = IntroductionMessage(author=author, side=side, body=body, created_at=NOW)
    introduction.messages.append(message)
    return message


# --- Every column ---------------------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_every_column_is_given_to_the_person_or_left_out_for_a_reason(model):
    """Whoever adds a column decides in `personal_data` whether people get it."""
    given = {name for part in PARTS if part.model is model for name in part.columns}
    left_out = set(LEFT_OUT.get(model, {}))
    columns = {column.key for column in inspect(model).columns}
    if model in IMPERSONAL:
        assert given | left_out == set()
    else:
        assert given.isdisjoint(left_out)
        assert given | left_out == columns


def test_each_kind_has_a_name_of_its_own():
    assert [key for key, times in Counter(part.key for part in PARTS).items() if times > 1] == []


# --- Whose ----------------------------------------------------------------------------------------


@pytest.fixture
def mairi(session):
    return make_somebody_known_everywhere()


def test_there_is_something_of_every_kind(mairi):
    assert [section.key for section in gather(mairi) if not section.rows] == []


def test_nobody_gets_what_is_of_somebody_else(session, mairi):
    stranger = make_user(email="ewan@example.org")
    make_professional(user=make_user())
    assert [each.key for each in gather(stranger) if each.rows] == ["account"]
    make_professional(user=stranger)
    session.expire(stranger)
    found = {each.key: len(each.rows) for each in gather(stranger) if each.rows}
    assert found == {"account": 1, "profile": 1, "profile_areas": 1, "profile_terms": 1}


def test_rows_are_given_with_names_in_place_of_numbers(mairi):
    (account,) = rows_of(mairi, "account")
    assert (account["name"], account["email"]) == ("canary-name", "canary@example.org")
    assert rows_of(mairi, "memberships") == [
        {"organisation": "Stroke Friends", "role": MembershipRole.OWNER, "created_at": NOW}
    ]
    assert rows_of(mairi, "profile_areas") == [{"area": "Fife", "district": "KY99"}]
    (introduction,) = rows_of(mairi, "introductions")
    assert introduction["programme"] == "Choir"
    (message,) = rows_of(mairi, "messages")
    assert (message["body"], message["introduction_id"]) == ("canary-message", introduction["id"])
    proposal, suggestion = rows_of(mairi, "proposals")
    assert proposal["programme"] == "Stroke café"
    assert suggestion["lead_note"] == "canary-word-of-a-lead"
    assert rows_of(mairi, "contacts_elsewhere")[0]["organisation"] is None


def test_an_area_the_vocabulary_has_lost_keeps_its_code(session):
    professional = make_professional(areas=["X99"])
    assert rows_of(professional.user, "profile_areas") == [{"area_code": "X99", "district": None}]


def test_nothing_secret_is_given(session, mairi):
    mairi.password_hash = "secret-hash"
    links.create_link(LinkPurpose.RESET_PASSWORD, email=mairi.email, user=mairi, now=NOW)
    mail = outbox.enqueue(
        "secret-key",
        recipient=mairi.email,
        subject="A mail",
        body="secret-body https://example.org/reset-password/token",
        now=NOW,
        user=mairi,
    )
    mail.html = "secret-html"
    mail.unsubscribe_url = "secret-url"
    session.flush()
    text = as_json(gather(mairi), now=NOW)
    assert "A mail" in text
    assert "reset_password" in text
    assert "secret-" not in text


# --- What is private to the other side ------------------------------------------------------------


def declined_by(side, professional):
    return make_introduction(
        professional=professional,
        proposed_by=Proposer.PROFESSIONAL if side is Side.PROGRAMME else Proposer.PROGRAMME,
        state=IntroductionState.DECLINED,
        closed_at=NOW,
        decline_reason=DeclineReason.NO_TIME,
        decline_note="In a hurry.",
        passed_to_programme_id=make_programme(name="Choir").id,
        **{f"{side}_answer": Answer.NO},
    )


def test_a_refusal_of_the_other_side_stays_private(session):
    professional = make_professional()
    declined_by(Side.PROGRAMME, professional)
    (row,) = rows_of(professional.user, "introductions")
    assert row["state"] is IntroductionState.DECLINED
    hidden = {"decline_reason", "decline_note", "passed_to_programme", "programme_answer"}
    assert hidden.isdisjoint(row)


def test_ones_own_refusal_is_given(session):
    professional = make_professional()
    declined_by(Side.PROFESSIONAL, professional)
    (row,) = rows_of(professional.user, "introductions")
    assert (row["decline_reason"], row["decline_note"]) == (DeclineReason.NO_TIME, "In a hurry.")
    assert row["passed_to_programme"] == "Choir"


@pytest.mark.parametrize("state", [IntroductionState.ACTIVE, IntroductionState.WITHDRAWN])
def test_what_was_shared_is_given_while_it_may_be_read(session, state):
    professional, colleague = make_professional(), make_user()
    is_released = state is IntroductionState.ACTIVE
    introduction = make_introduction(
        professional=professional,
        professional_answer=Answer.YES,
        programme_answer=Answer.YES,
        state=state,
        released_at=NOW if is_released else None,
        closed_at=None if is_released else NOW,
        shared_purpose="To begin.",
    )
    make_message(introduction, colleague, Side.PROGRAMME, "Ring me on 01592 000 000")
    make_message(introduction, professional.user, Side.PROFESSIONAL, "I shall.")
    session.flush()
    (row,) = rows_of(professional.user, "introductions")
    assert ("shared_purpose" in row) == is_released
    texts = [each["body"] for each in rows_of(professional.user, "messages")]
    assert texts == (["Ring me on 01592 000 000", "I shall."] if is_released else ["I shall."])
    assert [each["body"] for each in rows_of(colleague, "messages")] == ["Ring me on 01592 000 000"]
    assert rows_of(colleague, "introductions") == []


def test_by_whom_somebody_is_blocked_or_put_aside_is_not_given(session):
    professional = make_professional()
    member = make_user()
    organisation = make_organisation(members=[member])
    programme = make_programme(organisation=organisation)
    session.add_all(
        [
            Block(
                side=Side.PROGRAMME,
                professional=professional,
                organisation=organisation,
                created_by_user_id=member.id,
                created_at=NOW,
            ),
            Dismissal(
                side=Side.PROGRAMME,
                professional_id=professional.id,
                programme_id=programme.id,
                kind=DismissalKind.NOT_FOR_US,
                created_at=NOW,
            ),
        ]
    )
    session.flush()
    assert rows_of(professional.user, "blocked") == []
    assert rows_of(professional.user, "put_aside") == []
    assert len(rows_of(member, "blocked")) == 1


def test_what_others_reported_is_not_given(session):
    author = make_user()
    introduction = make_introduction()
    message = make_message(introduction, author, Side.PROGRAMME, "Buy my book.")
    session.flush()
    session.add(
        Report(
            reporter_user_id=make_user().id,
            address="/introductions/1",
            message_id=message.id,
            quoted=message.body,
            reason=ReportReason.ADVERTISING,
            reported_at=NOW,
        )
    )
    session.flush()
    assert rows_of(author, "reports") == []


def test_only_introductions_have_something_to_hide_by_row(session):
    with pytest.raises(TypeError):
        _not_for_the_professional(make_user())
    assert [part.key for part in PARTS if part.hides is not Part.hides] != []


# --- For a program --------------------------------------------------------------------------------


def test_a_program_reads_the_same(mairi):
    content = json.loads(as_json(gather(mairi), now=NOW))
    assert content["made_at"] == NOW.isoformat()
    assert set(content) == {"made_at", *(part.key for part in PARTS)}
    assert content["account"][0]["name"] == "canary-name"
    assert content["account"][0]["created_at"] == NOW.isoformat()
    assert content["contacts_elsewhere"][0]["met_on"] == "2026-11-01"
    assert content["introductions"][0]["state"] == "completed"
    assert content["areas_led"] == [{"area": "Scotland"}]
    assert content["suggestions"][0]["inputs"] == {}


def test_rows_come_in_the_order_of_their_numbers(session):
    user = make_user()
    for minutes in (3, 1, 2):
        sessions.start_session(user, now=NOW + timedelta(minutes=minutes))
    minutes = [row["created_at"] - NOW for row in rows_of(user, "sessions")]
    assert [each.seconds // 60 for each in minutes] == [3, 1, 2]


def test_somebody_without_a_profile_has_none(session):
    make_professional(areas=[FIFE])
    assert session.get(Professional, -1) is None
    assert rows_of(make_user(), "profile") == []
