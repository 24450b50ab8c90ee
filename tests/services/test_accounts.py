from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.models import (
    AuditEvent,
    LinkPurpose,
    LinkToken,
    OutboxMail,
    Professional,
    TermField,
    ThrottleCount,
    User,
)
from matchmaker.services import accounts, passwords, throttle
from matchmaker.services.accounts import AccountKind, SignInRefused
from matchmaker.services.answers import understand
from matchmaker.services.errors import FieldError, LinkUnusable, Throttled
from matchmaker.services.links import get_link
from matchmaker.services.passwords import NOBODYS_HASH, PasswordHash
from matchmaker.services.sessions import count_live_sessions, start_session
from tests.factories import FIFE, NOW, make_user

EMAIL = "mairi@example.org"
ADDRESS = "192.0.2.7"
HASH = PasswordHash("a hash")


def request_registration(email=EMAIL, kind=AccountKind.PROFESSIONAL, now=NOW, **answers):
    accounts.request_registration(
        email, kind, answers=understand(**answers), address=ADDRESS, now=now
    )


def begin(email=EMAIL, known_browser=None, now=NOW, address=ADDRESS):
    return accounts.begin_sign_in(email, address=address, known_browser=known_browser, now=now)


def mails(session):
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def link_in(mail, purpose, now=NOW):
    found = [
        word.rsplit("/", 1)[1]
        for word in mail.body.split()
        if word.startswith("http") and len(word.rsplit("/", 1)[1]) > 20
    ]
    assert len(found) == 1
    return get_link(found[0], purpose, now=now)


# --- Addresses and names -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Mairi@Example.ORG ", "mairi@example.org"),
        ("mairi.o'neil+work@nhs.scot", "mairi.o'neil+work@nhs.scot"),
        ("màiri@bòrd.scot", "màiri@bòrd.scot"),
    ],
)
@pytest.mark.one_database
def test_address_is_stored_in_one_spelling(app, typed, stored):
    with app.app_context():
        assert accounts.check_email(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "mairi", "mairi@", "@nhs.scot", "a b@nhs.scot", "a@b\nBcc: c@d.uk", "a@localhost"]
)
@pytest.mark.one_database
def test_what_is_no_address_is_refused(app, typed):
    with app.app_context(), pytest.raises(FieldError, match="e-mail") as raised:
        accounts.check_email(typed)
    assert raised.value.field == "email"


@pytest.mark.one_database
def test_name_is_tidied_and_bounded(app):
    with app.app_context():
        assert accounts.check_name("  Mairi \n Campbell ") == "Mairi Campbell"
        for bad in ("", "   ", "x" * 201):
            with pytest.raises(FieldError):
                accounts.check_name(bad)


def test_rename_tidies_the_name(session):
    user = make_user()
    accounts.rename(user, " Mairi  Grant ", now=NOW)
    assert user.name == "Mairi Grant"


# --- Registering ---------------------------------------------------------------------------------


def test_unknown_address_gets_a_link_to_register(session):
    request_registration(" Mairi@Example.org")
    (mail,) = mails(session)
    assert mail.recipient == EMAIL
    assert link_in(mail, LinkPurpose.REGISTER).email == EMAIL
    assert session.scalar(select(func.count()).select_from(User)) == 0


def test_known_address_gets_told_so_with_a_reset_link(session):
    user = make_user(email=EMAIL)
    request_registration("MAIRI@example.org")
    (mail,) = mails(session)
    assert "already" in mail.subject
    assert (mail.user_id, mail.recipient) == (user.id, EMAIL)
    assert link_in(mail, LinkPurpose.RESET_PASSWORD).user_id == user.id


def test_form_sent_twice_makes_one_mail(session):
    request_registration()
    request_registration()
    assert len(mails(session)) == 1


def test_flooded_mailbox_is_spared_without_a_word(session):
    for minute in range(8):
        request_registration(now=NOW + timedelta(minutes=minute))
    assert len(mails(session)) == 5
    request_registration("ewan@example.org", now=NOW + timedelta(minutes=9))
    assert len(mails(session)) == 6


def test_one_address_cannot_send_mail_to_the_whole_world(session, monkeypatch):
    monkeypatch.setattr(throttle, "MAIL_ADDRESS", throttle.Limit("mail_address", 3, throttle.HOUR))
    for number in range(3):
        request_registration(f"person{number}@example.org")
    with pytest.raises(Throttled):
        request_registration()


def test_registering_makes_a_confirmed_account_and_a_profile_from_the_kept_answers(session):
    request_registration(profession="physiotherapist", where="Fife", conditions=["COPD"])
    link = link_in(mails(session)[0], LinkPurpose.REGISTER)
    user = accounts.register(link, name="Mairi Campbell", password_hash=HASH, now=NOW)
    assert (user.email, user.name, user.password_hash) == (EMAIL, "Mairi Campbell", HASH)
    assert not user.is_administrator
    profile = user.professional
    assert profile.profession == "physiotherapist"
    assert [area.area_code for area in profile.areas] == [FIFE]
    assert [(term.field, term.code) for term in profile.terms] == [(TermField.CONDITION, "copd")]
    assert not profile.is_findable


def test_person_from_an_organisation_gets_no_profile(session):
    request_registration(kind=AccountKind.ORGANISATION, profession="physiotherapist")
    link = link_in(mails(session)[0], LinkPurpose.REGISTER)
    user = accounts.register(link, name="Ewan", password_hash=HASH, now=NOW)
    assert session.scalar(select(Professional)) is None
    assert user.professional is None


def test_registration_link_works_once(session):
    request_registration()
    link = link_in(mails(session)[0], LinkPurpose.REGISTER)
    accounts.register(link, name="Mairi", password_hash=HASH, now=NOW)
    with pytest.raises(LinkUnusable):
        accounts.register(link, name="Mairi", password_hash=HASH, now=NOW)


def test_second_link_to_the_same_address_makes_no_second_account(session):
    request_registration()
    request_registration(now=NOW + timedelta(minutes=2))
    first, second = (link_in(mail, LinkPurpose.REGISTER) for mail in mails(session))
    accounts.register(first, name="Mairi", password_hash=HASH, now=NOW)
    with pytest.raises(LinkUnusable, match="Sign in"):
        accounts.register(second, name="Mairi", password_hash=HASH, now=NOW)
    session.rollback()


def test_invited_lead_gets_the_roles_and_no_profile(session):
    accounts.invite_user(EMAIL, is_administrator=True, lead_areas=(FIFE,), now=NOW)
    link = link_in(mails(session)[0], LinkPurpose.REGISTER)
    user = accounts.register(link, name="Mairi", password_hash=HASH, now=NOW)
    assert user.is_administrator
    assert [scope.area_code for scope in user.lead_scopes] == [FIFE]
    assert user.professional is None
    actions = set(session.scalars(select(AuditEvent.action)))
    assert actions == {"user.created", "user.made_administrator", "user.made_lead"}


def test_roles_are_granted_once(session):
    user = make_user()
    for _ in range(2):
        accounts.grant_roles(user, is_administrator=True, lead_areas=(FIFE, FIFE), now=NOW)
    assert [scope.area_code for scope in user.lead_scopes] == [FIFE]
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 2


# --- Signing in ----------------------------------------------------------------------------------


def test_right_password_signs_in_and_its_attempt_does_not_count(session):
    user = make_user(email=EMAIL, password_hash=HASH)
    for _ in range(30):
        attempt = begin(" MAIRI@example.org ")
        assert attempt.password_hash == HASH
        assert accounts.finish_sign_in(attempt, is_right=True) is user
    assert set(session.scalars(select(ThrottleCount.failures))) == {0}


def test_wrong_password_and_unknown_address_are_refused_in_the_same_words(session):
    make_user(email=EMAIL)
    words = set()
    for email in (EMAIL, "nobody@example.org"):
        with pytest.raises(SignInRefused) as raised:
            accounts.finish_sign_in(begin(email), is_right=False)
        words.add(str(raised.value))
    assert len(words) == 1
    assert set(session.scalars(select(ThrottleCount.failures))) == {1, 2}


def test_unknown_address_is_compared_with_nobodys_password_and_never_let_in(session):
    attempt = begin()
    assert attempt.password_hash == NOBODYS_HASH
    with pytest.raises(SignInRefused):
        accounts.finish_sign_in(attempt, is_right=True)


def test_password_changed_while_it_was_compared_lets_nobody_in(session):
    user = make_user(email=EMAIL)
    attempt = begin()
    user.password_hash = "another"
    session.flush()
    with pytest.raises(SignInRefused):
        accounts.finish_sign_in(attempt, is_right=True)


@pytest.mark.parametrize("is_known", [True, False])
def test_eleventh_attempt_waits_for_known_and_unknown_addresses_alike(session, is_known):
    if is_known:
        make_user(email=EMAIL)
    for _ in range(10):
        begin()
    with pytest.raises(Throttled):
        begin()


def test_stranger_who_guesses_does_not_keep_the_owner_out_of_a_known_browser(session):
    user = make_user(email=EMAIL, password_hash=HASH)
    for _ in range(10):
        begin()
    with pytest.raises(Throttled):
        begin()
    attempt = begin(known_browser="her own")
    assert accounts.finish_sign_in(attempt, is_right=True) is user


def test_known_browser_may_not_guess_for_ever_either(session):
    make_user(email=EMAIL)
    for _ in range(10):
        begin(known_browser="a stolen one")
    with pytest.raises(Throttled):
        begin(known_browser="a stolen one")
    begin()


@pytest.mark.parametrize("limit", ["ADDRESS", "EVERYONE"])
def test_guessing_across_accounts_is_slowed_down_too(session, monkeypatch, limit):
    scope = getattr(throttle, limit).scope
    monkeypatch.setattr(throttle, limit, throttle.Limit(scope, 3, throttle.FIVE_MINUTES))
    for number in range(3):
        begin(f"person{number}@example.org")
    with pytest.raises(Throttled):
        begin("person4@example.org")


# --- Passwords -----------------------------------------------------------------------------------


def test_reset_sends_a_link_to_a_known_address(session):
    user = make_user(email=EMAIL)
    accounts.request_password_reset("Mairi@example.org", address=ADDRESS, now=NOW)
    (mail,) = mails(session)
    assert link_in(mail, LinkPurpose.RESET_PASSWORD).user_id == user.id


def test_reset_tells_an_unknown_address_that_it_has_no_account(session):
    accounts.request_password_reset(EMAIL, address=ADDRESS, now=NOW)
    (mail,) = mails(session)
    assert "no Matchmaker account" in mail.subject
    assert session.scalar(select(LinkToken)) is None


def test_reset_requests_of_one_mailbox_are_few(session):
    for minute in range(8):
        accounts.request_password_reset(EMAIL, address=ADDRESS, now=NOW + timedelta(minutes=minute))
    assert len(mails(session)) == 5


def test_new_password_ends_sessions_and_other_reset_links_and_is_told(session):
    user = make_user(email=EMAIL)
    start_session(user, now=NOW)
    for minute in (0, 1):
        later = NOW + timedelta(minutes=minute)
        accounts.request_password_reset(EMAIL, address=ADDRESS, now=later)
    first, second = (link_in(mail, LinkPurpose.RESET_PASSWORD) for mail in mails(session))
    later = NOW + timedelta(minutes=5)
    assert accounts.reset_password(first, password_hash=HASH, now=later) is user
    assert (user.password_hash, user.password_changed_at) == (HASH, later)
    assert count_live_sessions(user, now=later) == 0
    with pytest.raises(LinkUnusable):
        accounts.reset_password(second, password_hash=HASH, now=later)
    assert "was changed" in mails(session)[-1].subject


def test_reset_link_without_a_person_is_unknown(session):
    link = LinkToken(
        purpose=LinkPurpose.RESET_PASSWORD, email=EMAIL, created_at=NOW, expires_at=NOW
    )
    with pytest.raises(LinkUnusable):
        accounts.get_user_to_reset(link)


@pytest.mark.one_database
def test_no_mail_or_audit_event_holds_a_password(session):
    user = make_user(email=EMAIL, password_hash=passwords.hash_password("purple kettle harbour"))
    accounts.change_password(user, password_hash=HASH, now=NOW)
    told = [mail.body + mail.subject for mail in mails(session)]
    told += [str(event.details) for event in session.scalars(select(AuditEvent))]
    assert not any("kettle" in text or HASH in text for text in told)
