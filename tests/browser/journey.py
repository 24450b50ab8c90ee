"""What a new user does in the browser, step by step, each step as a person would find it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PASSWORD = "kettle violin moorland"
MAIL_SECONDS = 60


@dataclass(frozen=True)
class Person:
    """Somebody at a browser of their own."""

    page: Page
    name: str
    email: str


def press(page: Page, name: str) -> None:
    """Press a button, or what looks like one, of this name and no other."""
    button = page.get_by_role("button", name=name, exact=True)
    link = page.get_by_role("link", name=name, exact=True)
    button.or_(link).click()


def open_mail(person: Person, subject: str) -> None:
    """Wait until the worker has sent the mail, and open it."""
    page = person.page
    mail = (
        page.get_by_role("row")
        .filter(has=page.get_by_text(person.email, exact=True))
        .filter(has=page.get_by_role("cell", name="sent", exact=True))
        .get_by_role("link", name=subject)
    )
    deadline = time.monotonic() + MAIL_SECONDS
    page.goto("/dev/mail")
    while mail.count() == 0:
        assert time.monotonic() < deadline, page.get_by_role("main").inner_text()
        page.wait_for_timeout(250)
        page.reload()
    mail.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)


def follow_mailed_link(page: Page, path: str) -> None:
    """Click the link in the mail that leads to `path`; of several, the first: it matters most."""
    main_of(page).get_by_role("link").filter(has_text=path).first.click()


def create_account(person: Person, kind: str) -> None:
    """From the page that asks for an address to the first page after signing in."""
    page = person.page
    page.get_by_label("Your work e-mail address").fill(person.email)
    page.get_by_label(kind).check()
    press(page, "Send me the link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
    open_mail(person, "Finish joining Matchmaker")
    follow_mailed_link(page, "/register/")
    page.get_by_label("Your name").fill(person.name)
    page.get_by_label("Choose a password").fill(PASSWORD)
    press(page, "Create my account")
    expect(page.get_by_label("E-mail address")).to_have_value(person.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def register_organisation(page: Page, name: str) -> None:
    """Fill in the form about an organisation."""
    page.get_by_label("Name of the organisation").fill(name)
    page.get_by_label("Charity", exact=True).check()
    page.get_by_label("Scottish Charity Regulator (OSCR)").check()
    page.get_by_label("Registration number").fill("SC012345")
    page.get_by_label("What does the organisation do?").fill("We run groups for stroke survivors.")
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Look after {name}")


def publish_programme(page: Page, name: str, contact: dict[str, str]) -> None:
    """Save a draft, come back to it, fill in the rest, look at it, and publish it."""
    press(page, "Add a programme")
    page.get_by_label("Name of the programme").fill(name)
    press(page, "Save and finish later")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_text("Before you can publish it:")).to_be_visible()
    press(page, "Change the programme")
    page.get_by_label("What happens, and who is it for?").fill(
        "A weekly café where people who have had a stroke meet, talk and practise walking."
    )
    page.get_by_label("Which conditions does it help with?").fill("stroke")
    page.get_by_label("In person").check()
    page.get_by_label("Which places does it serve?").fill("Fife")
    page.get_by_label("Physiotherapist").check()
    for label, answer in contact.items():
        page.get_by_label(label).fill(answer)
    press(page, "Save and look at the page")
    expect(page.get_by_text("This is how others will see it")).to_be_visible()
    press(page, "Publish it")
    expect(page.get_by_text("Before you can publish it:")).to_have_count(0)


def answer_three_questions(page: Page) -> None:
    """What somebody does first who has heard of the site."""
    page.goto("/")
    page.get_by_label("What do you do?").select_option("Physiotherapist")
    page.get_by_label("Where do you work?").fill("Fife")
    page.get_by_label("Who do you want help for?").fill("stroke")
    press(page, "See who could help")


def agree_on_next_step(page: Page, purpose: str, step: str, day: tuple[str, str, str]) -> None:
    """Write down what was agreed, which stands behind a fold."""
    page.get_by_text("Change what you have agreed").click()
    page.get_by_label("What do you both want to achieve?").fill(purpose)
    page.get_by_label("What happens next?").fill(step)
    for label, number in zip(("Day", "Month", "Year"), day, strict=True):
        page.get_by_label(label, exact=True).fill(number)
    press(page, "Save what was agreed")


def main_of(page: Page) -> Locator:
    """The page without its header and footer."""
    return page.get_by_role("main")
