"""Whether an e-mail address is at an organisation's own domain.

Only a domain that the organisation has for itself says something: not a mail provider's, not a
public body's with thousands of people, and not a site on which anybody can have a page. Those are
listed in ``shared_domains.toml``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from matchmaker.models import Organisation

SHARED_DOMAINS = Path(__file__).with_name("shared_domains.toml")


@dataclass(frozen=True, slots=True)
class SharedDomains:
    """Endings below which names are registered, and domains that belong to everybody."""

    endings: frozenset[str]
    shared: frozenset[str]


@cache
def load_shared_domains() -> SharedDomains:
    """Read the list."""
    lists: dict[str, list[str]] = tomllib.loads(SHARED_DOMAINS.read_text("utf-8"))
    endings = frozenset(lists.pop("endings"))
    return SharedDomains(endings, frozenset().union(*lists.values()))


def own_domain_of(host: str) -> str | None:
    """The domain that whoever has `host` registered for themselves, or None.

    ``www.mail.example.org.uk`` gives ``example.org.uk``; a host of a shared domain, or one that is
    no more than an ending, gives None.
    """
    shared_domains = load_shared_domains()
    labels = host.strip().strip(".").lower().split(".")
    if not all(label.isascii() and label.replace("-", "").isalnum() for label in labels):
        return None
    if any(".".join(labels[at:]) in shared_domains.shared for at in range(len(labels))):
        return None
    length = 3 if ".".join(labels[-2:]) in shared_domains.endings else 2
    if len(labels) < length or labels[-1].isdigit():
        return None
    return ".".join(labels[-length:])


def own_domains(organisation: Organisation) -> frozenset[str]:
    """The domains an organisation has for itself: those of its website and of its e-mail."""
    hosts = (_host_of_website(organisation.website), organisation.email.rpartition("@")[2])
    return frozenset(filter(None, map(own_domain_of, hosts)))


def is_at_own_domain(email: str, organisation: Organisation) -> bool:
    """Whether an address is at a domain that the organisation has for itself."""
    return own_domain_of(email.rpartition("@")[2]) in own_domains(organisation)


def _host_of_website(address: str) -> str:
    if not address:
        return ""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
    except ValueError:
        return ""
    return parts.hostname or ""
