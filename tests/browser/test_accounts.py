"""Registering, signing in and out and the account, as one person does it in a browser."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import OutboxMail
from tests.factories import make_user
from tests.page_checks import check_page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

EMAIL = "mairi@example.org"
PASSWORD = "purple kettle over the harbour"


def link_in_newest_mail(app):
    with app.app_context():
        newest = select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)
        mail = db.session.scalars(newest).one()
    (address,) = re.findall(r"https?://\S+/[\w.-]{20,}", mail.body)
    return urlsplit(address).path


def test_professional_joins_signs_in_and_out(app, page, html_checker):
    page.goto("/register?conditions=COPD")
    page.get_by_role("button", name="Send me the link").click()
    expect(page).to_have_title(re.compile("^Error: Join Matchmaker"))
    check_page(page, html_checker)
    page.get_by_label("Your work e-mail address").fill(EMAIL)
    page.get_by_label("I am an allied health professional").check()
    page.get_by_role("button", name="Send me the link").click()
    check_page(page, html_checker)

    page.goto(link_in_newest_mail(app))
    check_page(page, html_checker)
    page.get_by_label("Your name").fill("Mairi Campbell")
    page.get_by_label("Choose a password").fill("too short")
    page.get_by_role("button", name="Create my account").click()
    expect(page.get_by_label("Your name")).to_have_value("Mairi Campbell")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()

    expect(page.get_by_label("E-mail address")).to_have_value(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("/profile/")
    for path in ("/home", "/account", "/account/name", "/account/password"):
        page.goto(path)
        check_page(page, html_checker)

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page).to_have_url(re.compile("/sign-in[?]"))


def test_password_is_forgotten_and_replaced_in_a_browser(app, page, html_checker, writing):
    with writing():
        make_user(email=EMAIL)
    page.goto("/sign-in")
    page.get_by_role("link", name="I have forgotten my password").click()
    page.get_by_label("Your e-mail address").fill(EMAIL)
    page.get_by_role("button", name="Send me a link").click()
    link = link_in_newest_mail(app)
    page.goto(link)
    check_page(page, html_checker)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Change my password").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("/home")
    page.goto(link)
    check_page(page, html_checker)
