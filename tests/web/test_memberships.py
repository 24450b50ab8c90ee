from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    LinkPurpose,
    Membership,
    MembershipRole,
    Organisation,
    OutboxMail,
    User,
)
from matchmaker.services import passwords
from matchmaker.services.links import create_link
from tests.factories import make_organisation, make_programme, make_user
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in

EMAIL = "mairi@example.org"
PASSWORD = "purple kettle over the harbour"


@pytest.fixture
def owner(writing):
    with writing():
        return make_user(email="owner@example.org", name="Ewan Owner")


@pytest.fixture
def organisation(writing, owner):
    with writing() as session:
        return make_organisation(name="Breathe Easy Fife", members=[session.get(User, owner.id)])


def make_link(writing, organisation, role=MembershipRole.EDITOR, email=EMAIL):
    with writing() as session:
        owners = select(Membership.user_id).where(Membership.organisation_id == organisation.id)
        token = create_link(
            LinkPurpose.JOIN_ORGANISATION,
            email=email,
            organisation=organisation,
            details={"role": role.value, "invited_by": session.scalars(owners).first()},
            now=datetime.now(UTC),
        )
    return f"/join/{token}"


def send(client, path, **answers):
    page = client.get(path)
    assert page.status_code == 200, page.status
    return client.post(path, data={"csrf_token": csrf_token(page.text), **answers})


def roles(app):
    with app.app_context():
        rows = db.session.execute(
            select(User.email, Membership.role).join(Membership).order_by(Membership.id)
        )
        return [tuple(row) for row in rows]


OWNER = ("owner@example.org", MembershipRole.OWNER)


def test_owner_invites_a_colleague_who_joins_with_a_new_account(
    app, client, writing, owner, organisation
):
    sign_in(client, owner, writing)
    path = f"/organisations/{organisation.id}/invite"
    answer = send(client, path, email=" Mairi@Example.org", role="editor")
    assert answer.location == f"/organisations/{organisation.id}/manage"
    with app.app_context():
        mail = db.session.scalars(select(OutboxMail)).one()
    assert mail.recipient == EMAIL
    link = "/join/" + mail.body.partition("/join/")[2].split()[0]

    visitor = app.test_client()
    page = visitor.get(link)
    assert "Breathe Easy Fife" in page.text
    assert EMAIL in page.text
    assert roles(app) == [OWNER]
    answer = send(visitor, link, name="Mairi Campbell", password=PASSWORD)
    assert answer.location == f"/sign-in?next=/organisations/{organisation.id}/manage"
    assert roles(app) == [OWNER, (EMAIL, MembershipRole.EDITOR)]
    assert visitor.get("/home").location.startswith("/sign-in")
    assert visitor.get(link).status_code == 410


def test_mistakes_in_an_invitation_are_explained(client, writing, owner, organisation):
    sign_in(client, owner, writing)
    path = f"/organisations/{organisation.id}/invite"
    assert "Choose what they may do" in send(client, path, email=EMAIL).text
    page = send(client, path, email="owner@example.org", role="owner")
    assert "belongs to the organisation already" in page.text
    assert Markup(page.text).one("input", name="email").attributes["value"] == "owner@example.org"
    assert "Enter an e-mail address" in send(client, path, email="x", role="owner").text


def test_editor_and_stranger_invite_nobody(app, client, writing, organisation):
    with writing() as session:
        editor = make_user()
        session.add(
            Membership(
                user=editor,
                organisation_id=organisation.id,
                role=MembershipRole.EDITOR,
                created_at=datetime.now(UTC),
            )
        )
        stranger = make_user()
    for person in (editor, stranger):
        visitor = app.test_client()
        sign_in(visitor, person, writing)
        assert visitor.get(f"/organisations/{organisation.id}/invite").status_code == 404


def test_signed_in_person_joins_with_one_press(app, client, writing, organisation):
    with writing():
        mairi = make_user(email=EMAIL)
    link = make_link(writing, organisation, MembershipRole.OWNER)
    sign_in(client, mairi, writing)
    answer = send(client, link)
    assert answer.location == f"/organisations/{organisation.id}/manage"
    assert roles(app) == [OWNER, (EMAIL, MembershipRole.OWNER)]


def test_opening_the_link_joins_nobody(app, client, writing, organisation):
    with writing():
        mairi = make_user(email=EMAIL)
    link = make_link(writing, organisation)
    sign_in(client, mairi, writing)
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert roles(app) == [OWNER]


def test_person_with_an_account_signs_in_first_and_comes_back(app, client, writing, organisation):
    with writing():
        make_user(email=EMAIL, password_hash=passwords.hash_password(PASSWORD))
    link = make_link(writing, organisation)
    page = client.get(link)
    button = next(
        each
        for each in Markup(page.text).all("a")
        if each.text == "Sign in" and "next" in each.attributes["href"]
    )
    answer = send(client, button.attributes["href"], email=EMAIL, password=PASSWORD)
    assert answer.location == link
    assert send(client, link).status_code == 302
    assert roles(app) == [OWNER, (EMAIL, MembershipRole.EDITOR)]


def test_somebody_else_who_is_signed_in_cannot_join(app, client, writing, owner, organisation):
    link = make_link(writing, organisation)
    sign_in(client, owner, writing)
    page = client.get(link)
    assert "signed in with another address" in page.text
    data = {"csrf_token": csrf_token(page.text), "name": "x", "password": PASSWORD}
    assert client.post(link, data=data).status_code == 200
    assert roles(app) == [OWNER]


def test_weak_password_is_explained_and_nobody_joins(app, client, writing, organisation):
    link = make_link(writing, organisation)
    assert "at least 15" in send(client, link, name="Mairi", password="short").text
    assert roles(app) == [OWNER]


def test_link_used_while_the_password_was_hashed_makes_no_account(
    app, client, writing, organisation, monkeypatch
):
    link = make_link(writing, organisation)
    token = csrf_token(client.get(link).text)
    real = passwords.hash_password

    def hash_and_lose_the_race(password):
        hashed = real(password)
        with writing():
            make_user(email=EMAIL)
        return hashed

    monkeypatch.setattr(passwords, "hash_password", hash_and_lose_the_race)
    data = {"csrf_token": token, "name": "Mairi", "password": PASSWORD}
    answer = client.post(link, data=data)
    assert answer.status_code == 410
    assert roles(app) == [OWNER]


def test_first_to_join_claims_the_organisation(app, client, writing):
    with writing():
        organisation = make_organisation(name="Unclaimed", claimed_at=None)
    link = make_link(writing, organisation)
    send(client, link, name="Mairi", password=PASSWORD)
    assert roles(app) == [(EMAIL, MembershipRole.OWNER)]


def test_the_only_owner_leaves_by_naming_who_comes_after_them(
    app, client, writing, owner, organisation
):
    with writing() as session:
        colleague = make_user(email="ann@example.org", name="Ann")
        row = Membership(
            user=colleague,
            organisation_id=organisation.id,
            role=MembershipRole.EDITOR,
            created_at=datetime.now(UTC),
        )
        session.add(row)
        session.flush()
        membership_id = row.id
        make_programme(
            organisation=session.get(Organisation, organisation.id),
            name="Singing",
            contact_email=owner.email,
        )
    sign_in(client, owner, writing)
    path = f"/organisations/{organisation.id}/leave"
    assert path in client.get(f"/organisations/{organisation.id}/manage").text
    assert "Singing" in client.get(path).text
    page = send(client, path)
    assert (page.status_code, "Choose who is its owner after you" in page.text) == (422, True)
    assert send(client, path, successor=str(membership_id)).location == "/home"
    assert roles(app) == [("ann@example.org", MembershipRole.OWNER)]
    assert "You do not look after Breathe Easy Fife any more" in client.get("/home").text


def test_the_only_member_is_told_to_invite_somebody_first(
    app, client, writing, owner, organisation
):
    sign_in(client, owner, writing)
    path = f"/organisations/{organisation.id}/leave"
    page = client.get(path)
    assert "Invite a colleague" in page.text
    answers = {"csrf_token": csrf_token(client.get("/account/name").text)}
    assert client.post(path, data=answers).status_code == 422
    assert roles(app) == [OWNER]
