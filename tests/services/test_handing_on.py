"""Saying no and naming a colleague."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import (
    DeclineReason,
    Introduction,
    IntroductionState,
    OutboxMail,
    ProgrammeStatus,
    Proposer,
    User,
)
from matchmaker.services import handing_on
from matchmaker.services.errors import AlreadyAnswered, FieldError, Throttled
from tests.factories import NOW, make_introduction, make_organisation, make_programme, make_user

LATER = NOW + timedelta(days=1)


@pytest.fixture
def organisation(session):
    return make_organisation(members=[make_user()])


@pytest.fixture
def introduction(organisation):
    return make_introduction(programme=make_programme(organisation=organisation))


@pytest.fixture
def asked(session):
    """A professional whom a programme has asked."""
    return make_introduction(proposed_by=Proposer.PROGRAMME)


def _to_programme(introduction, programme):
    return handing_on.pass_to_programme(
        introduction,
        None if programme is None else programme.id,
        note="",
        actor=introduction.programme.organisation.memberships[0].user,
        now=LATER,
    )


def _to_colleague(introduction, address="Jo.Bell@Example.org"):
    return handing_on.pass_to_colleague(
        introduction, address, note="", actor=introduction.professional.user, now=LATER
    )


def _mails():
    return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def test_a_programme_names_another_one_and_whoever_asked_is_sent_there(introduction, organisation):
    sister = make_programme(organisation=organisation, name="Walking Well")
    _to_programme(introduction, sister)
    assert introduction.state is IntroductionState.DECLINED
    assert introduction.decline_reason is DeclineReason.COLLEAGUE
    assert introduction.passed_to_programme is sister
    (mail,) = _mails()
    assert mail.recipient == introduction.professional.user.email
    assert "Walking Well" in mail.body
    assert f"/introductions/new/{sister.id}" in mail.body


def test_only_an_open_programme_of_the_same_house_can_be_named(introduction, organisation):
    own = introduction.programme
    others = [
        None,
        own,
        make_programme(),
        make_programme(organisation=organisation, published_at=None),
        make_programme(organisation=organisation, status=ProgrammeStatus.PAUSED),
    ]
    assert handing_on.list_sister_programmes(own) == []
    for other in others:
        with pytest.raises(FieldError) as refusal:
            _to_programme(introduction, other)
        assert refusal.value.field == "passed_to"
    assert introduction.state is IntroductionState.PROPOSED


def test_a_colleague_gets_one_mail_about_the_programme_and_nothing_about_who_sent_it(asked):
    _to_colleague(asked)
    assert asked.decline_reason is DeclineReason.COLLEAGUE
    to_programme, to_colleague = sorted(_mails(), key=lambda mail: mail.user_id is None)
    assert "told a colleague" in to_programme.body
    assert to_colleague.recipient == "jo.bell@example.org"
    assert f"/programmes/{asked.programme_id}" in to_colleague.body
    for secret in (asked.professional.user.name, asked.professional.user.email, asked.purpose):
        assert secret not in to_colleague.body


def test_the_address_of_a_colleague_is_kept_in_no_row_but_the_mails(asked):
    _to_colleague(asked)
    row = db.session.execute(select(*Introduction.__table__.columns)).one()
    assert not any("jo.bell" in str(value) for value in row)
    assert db.session.scalar(select(User).where(User.email == "jo.bell@example.org")) is None


def test_a_colleague_with_an_account_gets_the_same_mail(asked):
    make_user(email="jo.bell@example.org", name="Jo Bell")
    _to_colleague(asked)
    mail = next(each for each in _mails() if each.recipient == "jo.bell@example.org")
    assert mail.user_id is None
    assert "Jo Bell" not in mail.body


@pytest.mark.parametrize("address", ["", "nobody", "jo@"])
def test_an_address_must_be_one(asked, address):
    with pytest.raises(FieldError) as refusal:
        _to_colleague(asked, address)
    assert refusal.value.field == "colleague_email"


def test_nobody_is_their_own_colleague(asked):
    with pytest.raises(FieldError, match="your own"):
        _to_colleague(asked, asked.professional.user.email.upper())


def test_nobody_is_flooded_with_programmes(session):
    for _ in range(5):
        _to_colleague(make_introduction(proposed_by=Proposer.PROGRAMME))
    with pytest.raises(Throttled):
        _to_colleague(make_introduction(proposed_by=Proposer.PROGRAMME))


def test_after_the_answer_nobody_is_named(introduction, asked, organisation):
    sister = make_programme(organisation=organisation)
    _to_programme(introduction, sister)
    _to_colleague(asked)
    with pytest.raises(AlreadyAnswered):
        _to_programme(introduction, sister)
    with pytest.raises(AlreadyAnswered):
        _to_colleague(asked)
    assert len(_mails()) == 3
