"""What somebody does on the pages of accounts."""

from __future__ import annotations

import re

from sqlalchemy import select

from matchmaker.extensions import db
from matchmaker.models import OutboxMail
from tests.web.markup import Markup, csrf_token

EMAIL = "mairi@example.org"
PASSWORD = "purple kettle over the harbour"
NEW_PASSWORD = "seven quiet ferries at noon"


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
