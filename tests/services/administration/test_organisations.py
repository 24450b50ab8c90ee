"""Organisations as administrators see them."""

from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.models import MembershipRole, OutboxMail
from matchmaker.services import links, memberships
from matchmaker.services.administration import organisations
from matchmaker.services.administration.organisations import Which
from matchmaker.services.errors import LinkUnusable
from tests.factories import NOW, make_organisation, make_programme, make_user


def names(words="", which=Which.ALL):
    return [each.name for each in organisations.list_organisations(words, which, 1).rows]


def test_organisation_is_found_by_a_part_of_name_or_registration(session):
    make_organisation(name="Breathe Easy", registration="GB-SC-SC012345")
    make_organisation(name="Another", claimed_at=None)
    assert names("EASY") == ["Breathe Easy"]
    assert names("sc0123") == ["Breathe Easy"]
    assert names() == ["Another", "Breathe Easy"]
    assert names(which=Which.CLAIMED) == ["Breathe Easy"]
    assert names(which=Which.UNCLAIMED) == ["Another"]


def test_whom_to_reach_at_a_programme_is_not_even_read(session):
    programme = make_programme(contact_email="reach@example.org")
    organisation_id = programme.organisation_id
    session.commit()
    session.expunge_all()
    found = organisations.find_organisation(organisation_id)
    assert "contact_email" not in found.programmes[0].__dict__
    assert found.memberships[0].user.name
    assert organisations.find_organisation(10_000) is None


def join_by_the_last_mail(user):
    mail = db.session.query(OutboxMail).order_by(OutboxMail.id.desc()).first()
    token = mail.body.partition("/join/")[2].split()[0]
    link = links.get_link(token, links.LinkPurpose.JOIN_ORGANISATION, now=NOW)
    return memberships.join(link, user, now=NOW)


@pytest.mark.parametrize("is_still_administrator", [True, False])
def test_administrator_invites_an_owner_for_as_long_as_they_are_one(
    session, is_still_administrator
):
    administrator = make_user(is_administrator=True)
    # Somebody looks after it, perhaps somebody who has left.
    owner = make_user()
    organisation = make_organisation(members=[owner], claimed_at=NOW.replace(year=2025))
    newcomer = make_user()
    memberships.invite(
        organisation,
        email=newcomer.email,
        role=MembershipRole.OWNER,
        actor=administrator,
        now=NOW,
    )
    administrator.is_administrator = is_still_administrator
    session.flush()
    if is_still_administrator:
        assert join_by_the_last_mail(newcomer).role is MembershipRole.OWNER
        # Nobody gets to read an organisation's messages behind its back.
        told = session.query(OutboxMail).filter_by(kind="owner_joined").all()
        assert [mail.user_id for mail in told] == [owner.id]
        assert newcomer.name in told[0].body
    else:
        with pytest.raises(LinkUnusable):
            join_by_the_last_mail(newcomer)
