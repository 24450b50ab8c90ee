from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer

from matchmaker.extensions import db, write_intent
from matchmaker.models import LinkPurpose, LinkToken
from matchmaker.services import links, retention
from matchmaker.services.errors import LinkUnusable
from matchmaker.services.links import LIFETIME, cancel_links, create_link, get_link, use_link
from tests.factories import NOW, make_user

EMAIL = "mairi@example.org"


def refusal(token, purpose=LinkPurpose.REGISTER, now=NOW):
    with pytest.raises(LinkUnusable) as raised:
        get_link(token, purpose, now=now)
    return str(raised.value)


def test_link_leads_to_what_it_was_made_for(session):
    user = make_user()
    token = create_link(
        LinkPurpose.REGISTER, email=EMAIL, user=user, details={"kind": "x"}, now=NOW
    )
    link = get_link(token, LinkPurpose.REGISTER, now=NOW)
    assert (link.email, link.user_id, link.details) == (EMAIL, user.id, {"kind": "x"})


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_link_lasts_as_long_as_its_purpose_allows(session, purpose):
    token = create_link(purpose, email=EMAIL, now=NOW)
    end = NOW + LIFETIME[purpose]
    assert get_link(token, purpose, now=end - timedelta(seconds=1))
    assert "expired" in refusal(token, purpose, now=end)


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_link_of_one_purpose_opens_no_other(session, purpose):
    token = create_link(purpose, email=EMAIL, now=NOW)
    for other in set(LinkPurpose) - {purpose}:
        assert "not complete" in refusal(token, other)


def test_changed_token_is_refused(session):
    token = create_link(LinkPurpose.REGISTER, email=EMAIL, now=NOW)
    for changed in (token[:-1], token + "x", "x" + token, "", "x", token.swapcase()):
        assert "not complete" in refusal(changed)


def test_right_signature_of_a_wrong_purpose_finds_nothing(app, session):
    create_link(LinkPurpose.RESET_PASSWORD, email=EMAIL, now=NOW)
    link = session.query(LinkToken).one()
    forged = URLSafeSerializer(app.secret_key, salt="link:register")
    token = forged.dumps([link.id, links._stamp(link)])
    assert "no longer known" in refusal(token)


def test_used_link_is_refused_afterwards(session):
    token = create_link(LinkPurpose.REGISTER, email=EMAIL, now=NOW)
    use_link(get_link(token, LinkPurpose.REGISTER, now=NOW), now=NOW)
    assert "used already" in refusal(token)


def test_link_is_used_once_however_often_it_is_held(session):
    token = create_link(LinkPurpose.REGISTER, email=EMAIL, now=NOW)
    link = get_link(token, LinkPurpose.REGISTER, now=NOW)
    use_link(link, now=NOW)
    with pytest.raises(LinkUnusable, match="used already"):
        use_link(link, now=NOW)


def test_cancelling_ends_the_links_of_one_purpose_and_address_only(session):
    reset = create_link(LinkPurpose.RESET_PASSWORD, email=EMAIL, now=NOW)
    others = create_link(LinkPurpose.RESET_PASSWORD, email="ewan@example.org", now=NOW)
    register = create_link(LinkPurpose.REGISTER, email=EMAIL, now=NOW)
    cancel_links(LinkPurpose.RESET_PASSWORD, email=EMAIL, now=NOW)
    assert "used already" in refusal(reset, LinkPurpose.RESET_PASSWORD)
    assert get_link(others, LinkPurpose.RESET_PASSWORD, now=NOW)
    assert get_link(register, LinkPurpose.REGISTER, now=NOW)


def test_old_link_never_opens_what_later_got_its_number(session):
    """SQLite gives the number of a deleted last row to the next one."""
    old = create_link(LinkPurpose.REGISTER, email="ewan@example.org", now=NOW)
    number = session.query(LinkToken).one().id
    later = NOW + timedelta(days=30)
    retention.forget_expired(now=later)
    session.add(
        LinkToken(
            id=number,
            purpose=LinkPurpose.REGISTER,
            email=EMAIL,
            created_at=later,
            expires_at=later + timedelta(days=3),
        )
    )
    session.flush()
    assert "no longer known" in refusal(old, now=later)


def test_of_many_who_use_a_link_at_once_one_succeeds(app, writing, trial_size):
    for _ in range(trial_size(5, 100)):
        with writing():
            token = create_link(LinkPurpose.REGISTER, email=EMAIL, now=NOW)
        gate = threading.Barrier(6)

        def use(_number, token=token, gate=gate):
            gate.wait()
            with app.app_context(), write_intent():
                try:
                    use_link(get_link(token, LinkPurpose.REGISTER, now=NOW), now=NOW)
                except LinkUnusable:
                    return 0
                db.session.commit()
                return 1

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(use, range(6))) == 1
