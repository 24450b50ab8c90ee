from __future__ import annotations

import re
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pysqlite3
import pytest
from argon2 import extract_parameters
from sqlalchemy import func, select

from matchmaker.extensions import db
from matchmaker.models import LinkPurpose, LinkToken, OutboxMail, Professional, User, UserSession
from matchmaker.services import links, passwords, throttle
from matchmaker.web.accounts.registration import read_answers
from matchmaker.web.accounts.sign_in import same_site_path
from tests.factories import FIFE, NOW, make_user
from tests.web.markup import Markup, csrf_token

EMAIL = "mairi@example.org"
PASSWORD = "purple kettle over the harbour"
NEW_PASSWORD = "seven quiet ferries at noon"


@pytest.fixture(scope="module")
def password_hash():
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def mairi(writing, password_hash):
    """Somebody with an account and a password."""
    with writing():
        return make_user(email=EMAIL, name="Mairi Campbell", password_hash=password_hash)


def submit(client, path, follow=False, **answers):
    """Open a page, fill in its form and send it, as a browser does."""
    page = client.get(path)
    assert page.status_code == 200, (page.status, page.location)
    form = Markup(page.text).all("form")[-1]
    hidden = {
        element.attributes["name"]: element.attributes.get("value", "")
        for element in Markup(page.text).all("input", type="hidden")
        if form in element.around
    }
    return client.post(path, data={**hidden, **answers}, follow_redirects=follow)


def sign_in(client, password=PASSWORD, email=EMAIL, path="/sign-in"):
    return submit(client, path, email=email, password=password)


def is_signed_in(client):
    return client.get("/account").status_code == 200


def press(client, path, page="/account"):
    return client.post(path, data={"csrf_token": csrf_token(client.get(page).text)})


def mails(app):
    with app.app_context():
        return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def path_in(mail):
    """The path of the secret link in a mail."""
    (path,) = re.findall(r"https?://[^/\s]+(/\S+/[\w.-]{20,})", mail.body)
    return path


# --- Registering ---------------------------------------------------------------------------------


def test_professional_registers_signs_in_and_finds_their_answers(app, client):
    query = "profession=physiotherapist&where=Fife&conditions=COPD&conditions=asthma"
    answer = submit(client, f"/register?{query}", email=EMAIL, kind="professional")
    assert answer.location == "/register/check-mail"
    assert "Check your mail" in client.get(answer.location).text

    path = path_in(mails(app)[0])
    assert EMAIL in client.get(path).text
    answer = submit(client, path, name="Mairi Campbell", password=PASSWORD)
    assert answer.location == "/sign-in?next=/profile/"
    assert not is_signed_in(client)

    page = client.get(answer.location)
    assert Markup(page.text).one("input", name="email").attributes["value"] == EMAIL
    token = csrf_token(page.text)
    data = {"csrf_token": token, "email": EMAIL, "password": PASSWORD}
    assert client.post(answer.location, data=data).location == "/profile/"
    assert is_signed_in(client)
    with app.app_context():
        profile = db.session.scalars(select(Professional)).one()
        assert profile.profession == "physiotherapist"
        assert [area.area_code for area in profile.areas] == [FIFE]
        assert {term.code for term in profile.terms} == {"copd", "asthma"}


def test_person_from_an_organisation_goes_on_to_enter_it(app, client):
    submit(client, "/register", email=EMAIL, kind="organisation")
    answer = submit(client, path_in(mails(app)[0]), name="Ewan", password=PASSWORD)
    assert answer.location == "/sign-in?next=/organisations/new"


def test_answers_survive_a_mistake_in_the_form(app, client):
    page = submit(client, "/register?conditions=COPD", email="no address", kind="professional")
    assert page.status_code == 200
    assert "Enter an e-mail address" in page.text
    answers = Markup(page.text).one("input", name="answers").attributes["value"]
    assert answers == "conditions=COPD"
    assert mails(app) == []


def test_kind_must_be_chosen(app, client):
    page = submit(client, "/register", email=EMAIL)
    assert "Choose what brings you here" in page.text
    assert page.text.count("<title>Error: ") == 1


def test_known_and_unknown_addresses_get_the_same_answer(app, client, mairi):
    known = submit(client, "/register", email=EMAIL, kind="professional")
    unknown = submit(client, "/register", email="ewan@example.org", kind="professional")
    assert (known.status, known.location, known.data) == (
        unknown.status,
        unknown.location,
        unknown.data,
    )
    reset = [
        submit(client, "/reset-password", email=email) for email in (EMAIL, "nobody@example.org")
    ]
    assert (reset[0].status, reset[0].location, reset[0].data) == (
        reset[1].status,
        reset[1].location,
        reset[1].data,
    )
    assert len(mails(app)) == 4


def test_weak_password_is_explained_and_the_link_stays_usable(app, client):
    submit(client, "/register", email=EMAIL, kind="organisation")
    path = path_in(mails(app)[0])
    for password, words in (("short", "at least 15"), ("mairi@example.org", "easy to guess")):
        page = submit(client, path, name="Mairi Campbell", password=password)
        assert page.status_code == 200
        assert words in page.text
        assert 'value="Mairi Campbell"' in page.text
        assert password not in Markup(page.text).one("input", name="password").attributes.values()
    assert submit(client, path, name="Mairi", password=PASSWORD).status_code == 302


def test_registration_link_shows_a_page_and_only_the_post_acts(app, client):
    submit(client, "/register", email=EMAIL, kind="professional")
    path = path_in(mails(app)[0])
    for _ in range(3):
        assert client.get(path).status_code == 200
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User)) == 0
        assert db.session.scalars(select(LinkToken.used_at)).all() == [None]


def test_registration_link_used_twice_says_so(app, client):
    submit(client, "/register", email=EMAIL, kind="organisation")
    path = path_in(mails(app)[0])
    page = client.get(path)
    data = {"csrf_token": csrf_token(page.text), "name": "Mairi", "password": PASSWORD}
    assert client.post(path, data=data).status_code == 302
    for again in (client.post(path, data=data), client.get(path)):
        assert again.status_code == 410
        assert "used already" in again.text


def test_link_used_while_the_password_was_hashed_makes_no_second_account(
    app, client, writing, monkeypatch
):
    submit(client, "/register", email=EMAIL, kind="organisation")
    path = path_in(mails(app)[0])
    real = passwords.hash_password

    def hash_and_lose_the_race(password):
        hashed = real(password)
        with writing() as session:
            session.scalars(select(LinkToken)).one().used_at = NOW
        return hashed

    page = client.get(path)
    data = {"csrf_token": csrf_token(page.text), "name": "Mairi", "password": PASSWORD}
    monkeypatch.setattr(passwords, "hash_password", hash_and_lose_the_race)
    answer = client.post(path, data=data)
    assert answer.status_code == 410
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize("path", ["/register/made-up", "/reset-password/made-up", "/join/made-up"])
def test_made_up_link_leads_to_a_page_with_a_way_on(client, path):
    page = client.get(path)
    assert page.status_code == 410
    assert "not complete" in page.text
    assert "/reset-password" in page.text


def test_too_many_mails_from_one_address_are_refused(client, monkeypatch):
    limit = throttle.Limit("mail_address", 2, throttle.HOUR)
    monkeypatch.setattr(throttle, "MAIL_ADDRESS", limit)
    for number in range(2):
        submit(client, "/register", email=f"a{number}@example.org", kind="professional")
    for path in ("/register", "/reset-password"):
        page = submit(client, path, email=EMAIL, kind="professional")
        assert page.status_code == 429
        assert 1 <= int(page.headers["Retry-After"]) <= 3600
        assert "too many tries" in page.text


@pytest.mark.parametrize("path", ["/register", "/sign-in"])
def test_signed_in_person_is_sent_home(client, mairi, path):
    sign_in(client)
    assert client.get(path).location == "/home"


@pytest.mark.one_database
def test_kept_answers_are_bounded(app):
    with app.app_context():
        assert read_answers("&".join(["conditions=x"] * 41)).is_empty
        assert read_answers("where=" + "x" * 100_000).place is None
        assert read_answers("is_administrator=1&kind=x&conditions=copd").query() == {
            "conditions": ["COPD"]
        }


# --- Signing in and out --------------------------------------------------------------------------


def test_signing_in_leads_home_and_signing_out_ends_it(client, mairi):
    assert sign_in(client, email=" MAIRI@example.org ").location == "/home"
    page = client.get("/account")
    assert "Mairi Campbell" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    answer = press(client, "/sign-out")
    assert answer.location == "/sign-in"
    assert "You are signed out" in client.get("/sign-in").text
    assert client.get("/account").location.startswith("/sign-in?next=")


def test_signing_in_sets_the_two_cookies_that_the_privacy_notice_tells_of(client, mairi):
    answer = submit(client, "/sign-in", email=EMAIL, password=PASSWORD)
    names = {each.partition("=")[0] for each in answer.headers.getlist("Set-Cookie")}
    assert names == {"session", "browser"}
    assert "We set two cookies" in client.get("/privacy").text


def test_copied_cookie_is_worth_nothing_after_signing_out(app, client, mairi):
    """Flask-Login by itself lets a copied cookie go on working."""
    sign_in(client)
    copied = client.get_cookie("session").value
    thief = app.test_client()
    thief.set_cookie("session", copied)
    assert is_signed_in(thief)
    press(client, "/sign-out")
    thief.set_cookie("session", copied)
    assert not is_signed_in(thief)


def test_session_is_new_after_signing_in(app, client, mairi):
    """A session that somebody planted in the browser beforehand is of no use to them."""
    page = client.get("/sign-in")
    planted = client.get_cookie("session").value
    sign_in(client)
    assert client.get_cookie("session").value != planted
    other = app.test_client()
    other.set_cookie("session", planted)
    assert not is_signed_in(other)
    data = {"csrf_token": csrf_token(page.text)}
    assert client.post("/account/sign-out-everywhere", data=data).status_code == 400


def test_signing_in_again_ends_the_session_before(app, client, mairi):
    sign_in(client)
    first = client.get_cookie("session").value
    token = csrf_token(client.get("/account").text)
    client.post("/sign-in", data={"csrf_token": token, "email": EMAIL, "password": PASSWORD})
    old = app.test_client()
    old.set_cookie("session", first)
    assert not is_signed_in(old)
    assert is_signed_in(client)


def test_signing_out_twice_does_no_harm(client):
    token = csrf_token(client.get("/sign-in").text)
    assert client.post("/sign-out", data={"csrf_token": token}).location == "/sign-in"


def test_signing_out_needs_a_post_with_a_token(client, mairi):
    sign_in(client)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert is_signed_in(client)


def test_wrong_password_and_unknown_address_get_the_same_page(app, client, mairi):
    pages = []
    for email in (EMAIL, "nobody@example.org"):
        page = sign_in(app.test_client(), "wrong password, and long", email)
        assert page.status_code == 200
        text = re.sub(r'(value|nonce)="[^"]*"', "", page.text)
        pages.append(text)
    assert pages[0] == pages[1]
    assert "do not belong together" in pages[0]


def test_unknown_address_takes_as_much_work_as_a_known_one(
    app, writing, real_passwords, monkeypatch
):
    with writing():
        make_user(email=EMAIL, password_hash=passwords.hash_password(PASSWORD))
    compared = []
    real = passwords.verify_password

    def verify(hashed, password):
        compared.append(extract_parameters(hashed))
        return real(hashed, password)

    monkeypatch.setattr(passwords, "verify_password", verify)
    for email in (EMAIL, "nobody@example.org"):
        sign_in(app.test_client(), "wrong password, and long", email=email)
    known, unknown = compared
    assert known == unknown


def test_empty_form_is_explained(client):
    page = submit(client, "/sign-in")
    assert "Enter your e-mail address" in page.text
    assert "Enter your password" in page.text


def test_eleventh_failure_has_to_wait_and_says_how_long(app, mairi):
    for _ in range(10):
        sign_in(app.test_client(), "wrong password, and long")
    page = sign_in(app.test_client())
    assert page.status_code == 429
    assert 1 <= int(page.headers["Retry-After"]) <= 600
    assert "too many tries" in page.text
    assert f'value="{EMAIL}"' in page.text


def test_owner_gets_in_from_a_known_browser_while_a_stranger_guesses(app, client, mairi):
    sign_in(client)
    press(client, "/sign-out")
    for _ in range(10):
        sign_in(app.test_client(), "wrong password, and long")
    assert sign_in(app.test_client()).status_code == 429
    assert sign_in(client).location == "/home"


def test_known_browser_is_known_for_its_own_person_only(app, client, mairi, writing):
    with writing():
        make_user(email="ewan@example.org")
    sign_in(client)
    press(client, "/sign-out")
    for _ in range(10):
        sign_in(app.test_client(), "wrong password, and long", "ewan@example.org")
    assert sign_in(client, "whatever, long enough", "ewan@example.org").status_code == 429


def test_made_up_browser_cookie_is_ignored(app, client, mairi):
    for _ in range(10):
        sign_in(app.test_client(), "wrong password, and long")
    client.set_cookie("browser", "made-up")
    assert sign_in(client).status_code == 429


def test_browser_cookie_is_out_of_reach_for_scripts(client, mairi):
    sign_in(client)
    cookie = client.get_cookie("browser")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert "mairi" not in cookie.value


def test_idle_session_is_sent_to_sign_in_and_comes_back(app, client, mairi, writing):
    sign_in(client)
    with writing() as session:
        row = session.scalars(select(UserSession)).one()
        row.last_used_at -= timedelta(minutes=31)
    answer = client.get("/account?x=1")
    assert answer.location == "/sign-in?next=/account?x%3D1"
    assert sign_in(client, path=answer.location).location == "/account?x=1"


def test_use_is_recorded_by_reading_pages(app, client, mairi, writing):
    sign_in(client)
    with writing() as session:
        row = session.scalars(select(UserSession)).one()
        row.last_used_at -= timedelta(minutes=29)
        before = row.last_used_at
    assert is_signed_in(client)
    with app.app_context():
        assert db.session.scalars(select(UserSession.last_used_at)).one() > before


@pytest.mark.parametrize(
    "target",
    [
        "https://other.example/",
        "//other.example",
        "/\\other.example",
        "\\\\other.example",
        "/\t/other.example",
        "/\n/other.example",
        "javascript:alert(1)",
        "other",
        "",
        " /home",
    ],
)
def test_signing_in_never_leads_to_another_site(client, mairi, target):
    assert same_site_path(target) is None
    client.get("/sign-in")
    page = client.get("/sign-in", query_string={"next": target})
    data = {"csrf_token": csrf_token(page.text), "email": EMAIL, "password": PASSWORD}
    answer = client.post("/sign-in", query_string={"next": target}, data=data)
    assert answer.location == "/home"


@pytest.mark.parametrize("target", ["/profile", "/try?where=Fife&conditions=copd", "/a/b#c"])
@pytest.mark.one_database
def test_path_on_this_site_is_kept(app, target):
    assert same_site_path(target) == target


# --- What must not be locked while a password is compared -----------------------------------------


def test_two_sign_ins_compare_their_passwords_at_the_same_time(app, writing, password_hash):
    """If the first held SQLite's write lock, the second could never arrive at the barrier."""
    with writing():
        for name in ("a", "b"):
            make_user(email=f"{name}@example.org", password_hash=password_hash)
    gate = threading.Barrier(2, timeout=15)
    real = passwords.verify_password

    def verify(hashed, password):
        gate.wait()
        return real(hashed, password)

    locations = {}

    def work(name):
        answer = sign_in(app.test_client(), email=f"{name}@example.org")
        locations[name] = answer.location

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "verify_password", verify)
        threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert locations == {"a": "/home", "b": "/home"}


@pytest.fixture
def lock_probe(app, settings, monkeypatch):
    """Notes, whenever a password is hashed or compared, whether the database was locked."""
    seen = []

    def probe():
        if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            path = settings.database_url.removeprefix("sqlite:///")
            with closing(pysqlite3.connect(path, timeout=0, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
        seen.append(db.session().in_transaction())

    for name in ("hash_password", "verify_password"):
        real = getattr(passwords, name)

        def wrapped(*arguments, real=real):
            probe()
            return real(*arguments)

        monkeypatch.setattr(passwords, name, wrapped)
    return seen


def test_nothing_is_locked_while_a_password_is_hashed_or_compared(app, client, lock_probe):
    submit(client, "/register", email=EMAIL, kind="organisation")
    submit(client, path_in(mails(app)[0]), name="Mairi", password=PASSWORD)
    assert lock_probe == [False]
    sign_in(client)
    assert lock_probe == [False] * 2
    submit(client, "/account/password", current_password=PASSWORD, password=NEW_PASSWORD)
    assert lock_probe == [False] * 4
    submit(client, "/reset-password", email=EMAIL)
    submit(client, path_in(mails(app)[-1]), password=PASSWORD)
    assert lock_probe == [False] * 5


# --- A new password ------------------------------------------------------------------------------


def test_forgotten_password_is_replaced_and_every_session_ends(app, client, mairi):
    elsewhere = app.test_client()
    sign_in(elsewhere)
    assert submit(client, "/reset-password", email=EMAIL).location == "/register/check-mail"
    answer = submit(client, path_in(mails(app)[0]), password=NEW_PASSWORD)
    assert answer.location == "/sign-in?next=/home"
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert sign_in(app.test_client()).status_code == 200
    assert sign_in(client, NEW_PASSWORD).location == "/home"


def test_weak_new_password_is_refused_and_the_link_stays_usable(app, client, mairi):
    submit(client, "/reset-password", email=EMAIL)
    path = path_in(mails(app)[0])
    assert "easy to guess" in submit(client, path, password="mairi campbell 1984").text
    assert submit(client, path, password=NEW_PASSWORD).status_code == 302
    assert client.get(path).status_code == 410


def test_reset_link_used_while_the_password_was_hashed_changes_nothing(
    app, client, mairi, writing, monkeypatch
):
    submit(client, "/reset-password", email=EMAIL)
    path = path_in(mails(app)[0])
    token = csrf_token(client.get(path).text)
    real = passwords.hash_password

    def hash_and_lose_the_race(password):
        hashed = real(password)
        with writing() as session:
            session.scalars(select(LinkToken)).one().used_at = NOW
        return hashed

    monkeypatch.setattr(passwords, "hash_password", hash_and_lose_the_race)
    answer = client.post(path, data={"csrf_token": token, "password": NEW_PASSWORD})
    assert answer.status_code == 410
    assert sign_in(client).location == "/home"


def test_reset_for_what_is_no_address_is_explained(app, client):
    assert "Enter an e-mail address" in submit(client, "/reset-password", email="x").text
    assert mails(app) == []


def test_mailed_link_of_one_purpose_opens_no_other_page(app, client, mairi):
    submit(client, "/reset-password", email=EMAIL)
    token = path_in(mails(app)[0]).rsplit("/", 1)[1]
    for page in ("register", "join"):
        assert client.get(f"/{page}/{token}").status_code == 410


# --- One's own account ---------------------------------------------------------------------------


def test_name_is_changed(client, mairi):
    sign_in(client)
    page = client.get("/account/name")
    assert Markup(page.text).one("input", name="name").attributes["value"] == "Mairi Campbell"
    assert submit(client, "/account/name", name="  Mairi  Grant ").location == "/account"
    assert "Mairi Grant" in client.get("/account").text
    assert submit(client, "/account/name", name="   ").status_code == 200
    page = submit(client, "/account/name", name="x" * 201)
    assert "at most 200" in page.text


def test_changed_password_signs_out_everywhere_else_and_stays_signed_in_here(app, client, mairi):
    elsewhere = app.test_client()
    sign_in(elsewhere)
    sign_in(client)
    before = client.get_cookie("session").value
    answer = submit(client, "/account/password", current_password=PASSWORD, password=NEW_PASSWORD)
    assert answer.location == "/account"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    elsewhere.set_cookie("session", before)
    assert not is_signed_in(elsewhere)
    assert "was changed" in mails(app)[-1].subject
    assert sign_in(app.test_client(), NEW_PASSWORD).location == "/home"


def test_password_is_not_changed_without_the_present_one(app, client, mairi):
    sign_in(client)
    page = submit(client, "/account/password", current_password="wrong", password=NEW_PASSWORD)
    assert "not your present password" in page.text
    page = submit(client, "/account/password", current_password=PASSWORD, password="short")
    assert "at least 15" in page.text
    assert sign_in(app.test_client()).location == "/home"


def test_present_password_cannot_be_guessed_on_the_page_that_changes_it(client, mairi):
    sign_in(client)
    for _ in range(10):
        submit(client, "/account/password", current_password="wrong", password=NEW_PASSWORD)
    page = submit(client, "/account/password", current_password=PASSWORD, password=NEW_PASSWORD)
    assert page.status_code == 429


def test_account_page_counts_signed_in_browsers_and_ends_them_all(app, client, mairi):
    elsewhere = app.test_client()
    sign_in(elsewhere)
    sign_in(client)
    assert "In 2 browsers" in client.get("/account").text
    assert press(client, "/account/sign-out-everywhere").location == "/sign-in"
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)


# --- Small print ---------------------------------------------------------------------------------


def test_pages_of_accounts_are_kept_nowhere(app, client, writing):
    with writing():
        token = links.create_link(
            LinkPurpose.REGISTER,
            email=EMAIL,
            details={"kind": "organisation", "answers": {}},
            now=datetime.now(UTC),
        )
    for path in ("/register", "/sign-in", "/reset-password", f"/register/{token}"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/register", "/sign-in", "/reset-password", "/account/name", "/account/password"]
)
def test_no_form_is_taken_without_its_token(client, mairi, path):
    sign_in(client)
    assert client.post(path, data={"email": EMAIL}).status_code == 400
