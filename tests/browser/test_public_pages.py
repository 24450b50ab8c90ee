"""Every page anyone may read passes the page checks, on a wide and on a narrow screen."""

from __future__ import annotations

import pytest

from tests.page_checks import check_page

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PAGES = (
    "/",
    "/register",
    "/sign-in",
    "/reset-password",
    "/privacy",
    "/accessibility",
    "/how-matching-works",
)


@pytest.mark.parametrize("path", PAGES)
def test_public_page_is_accessible_valid_and_fits(page, html_checker, path):
    answer = page.goto(path)
    assert answer.status == 200
    check_page(page, html_checker)


def test_page_that_does_not_exist_is_accessible_valid_and_fits(page, html_checker):
    answer = page.goto("/no-such-page")
    assert answer.status == 404
    check_page(page, html_checker)
