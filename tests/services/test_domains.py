from __future__ import annotations

import pytest

from matchmaker.models import Organisation
from matchmaker.services.domains import (
    is_at_own_domain,
    load_shared_domains,
    own_domain_of,
)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.chss.org.uk", "chss.org.uk"),
        ("mail.breathe-easy.scot", "breathe-easy.scot"),
        ("Example.COM.", "example.com"),
        ("kelty.gmail.com", None),
        ("gmail.com", None),
        ("nhs.net", None),
        ("fife.gov.uk", None),
        ("nhsfife.nhs.scot", None),
        ("kelty.wordpress.com", None),
        ("org.uk", None),
        ("uk", None),
        ("", None),
        ("192.168.1.1", None),
        ("ex ample.org", None),
        ("exаmple.org", None),
    ],
)
def test_only_a_domain_that_somebody_has_for_themselves_is_told_apart(host, domain):
    assert own_domain_of(host) == domain


@pytest.mark.parametrize(
    ("record", "email", "is_theirs"),
    [
        ({"website": "https://www.kelty.org.uk/join"}, "ann@kelty.org.uk", True),
        ({"website": "kelty.org.uk"}, "ann@office.kelty.org.uk", True),
        ({"email": "hello@kelty.org.uk"}, "ann@kelty.org.uk", True),
        ({"email": "kelty@gmail.com"}, "ann@gmail.com", False),
        ({"website": "https://www.facebook.com/kelty"}, "ann@facebook.com", False),
        ({"website": "https://other.org.uk"}, "ann@kelty.org.uk", False),
        ({"website": "https://kelty.org.uk.evil.com"}, "ann@kelty.org.uk", False),
        ({"website": "https://kelty.org.uk"}, "ann@notkelty.org.uk", False),
        ({"website": "https://[broken"}, "ann@kelty.org.uk", False),
        ({}, "ann@kelty.org.uk", False),
    ],
)
def test_an_address_counts_at_the_organisations_own_domain_only(record, email, is_theirs):
    organisation = Organisation(**{"website": "", "email": "", **record})
    assert is_at_own_domain(email, organisation) == is_theirs


def test_every_shared_domain_is_written_as_hosts_are():
    lists = load_shared_domains()
    for domain in lists.endings | lists.shared:
        assert domain == domain.lower().strip(". "), domain
        assert "." in domain, domain
    assert not lists.endings & lists.shared
