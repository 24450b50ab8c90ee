"""Registration numbers of organisations, written as org-id.guide does: GB-SC-SC012345.

The register is named by its prefix, the number as the register itself writes it.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from types import MappingProxyType

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from matchmaker.services.errors import FieldError

FIELD = "registration"


class Register(enum.StrEnum):
    """Who registers organisations in the United Kingdom."""

    SCOTLAND = "GB-SC"
    ENGLAND_AND_WALES = "GB-CHC"
    NORTHERN_IRELAND = "GB-NIC"
    COMPANIES_HOUSE = "GB-COH"


@dataclass(frozen=True, slots=True)
class _Rules:
    """How a register's number is written, and the sentence for one that is not."""

    pattern: re.Pattern[str]
    says: LazyString


_RULES: MappingProxyType[Register, _Rules] = MappingProxyType(
    {
        Register.SCOTLAND: _Rules(
            re.compile(r"SC[0-9]{6}"),
            lazy_gettext("A Scottish charity number is SC and 6 digits, like SC012345"),
        ),
        Register.ENGLAND_AND_WALES: _Rules(
            re.compile(r"[0-9]{6,7}"),
            lazy_gettext("A charity number in England and Wales is 6 or 7 digits, like 1123456"),
        ),
        Register.NORTHERN_IRELAND: _Rules(
            re.compile(r"[0-9]{6}"),
            lazy_gettext("A charity number in Northern Ireland is 6 digits, like 100123"),
        ),
        Register.COMPANIES_HOUSE: _Rules(
            re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}|(?:IP|SP)[0-9]{5}R"),
            lazy_gettext(
                "A Companies House number is 8 digits, or 2 letters and 6 digits, like 01234567"
            ),
        ),
    }
)


def normalise_registration(wording: str, register: Register | None = None) -> str:
    """Write a registration number in full, such as GB-SC-SC012345 for "sc 12345".

    Args:
        wording: As somebody typed it, with or without the prefix of the register.
        register: Where it is registered. It may be left out if the number says so itself.

    Raises:
        FieldError: It is not a number of that register, or the register cannot be told.
    """
    compact = re.sub(r"[\s/.]+", "", wording).upper()
    named, number = _split(compact)
    if named is not None and register is not None and named is not register:
        raise FieldError(
            FIELD,
            _(
                "This number begins with %(prefix)s, which is another register than you chose",
                prefix=str(named),
            ),
        )
    register = register or named or _guess(number)
    if register is None:
        raise FieldError(FIELD, _("Choose which register the number is from"))
    rules = _RULES[register]
    number = _pad(number, register)
    if not rules.pattern.fullmatch(number):
        raise FieldError(FIELD, str(rules.says))
    return f"{register}-{number}"


def split_registration(registration: str) -> tuple[Register, str]:
    """The register and the number in it, of a registration written in full."""
    register, number = _split(registration)
    if register is None:
        raise ValueError(f"{registration!r} does not begin with a register we know")
    return register, number


def register_page(registration: str) -> str:
    """The address of the register's own public page about an organisation."""
    register, number = split_registration(registration)
    pages = {
        Register.SCOTLAND: (
            f"https://www.oscr.org.uk/about-charities/search-the-register/charity-details?number={number}"
        ),
        Register.ENGLAND_AND_WALES: (
            f"https://register-of-charities.charitycommission.gov.uk/charity-search/-/charity-details/{number}"
        ),
        Register.NORTHERN_IRELAND: (
            f"https://www.charitycommissionni.org.uk/charity-details/?regId={number}"
        ),
        Register.COMPANIES_HOUSE: (
            f"https://find-and-update.company-information.service.gov.uk/company/{number}"
        ),
    }
    return pages[register]


def _split(compact: str) -> tuple[Register | None, str]:
    for register in Register:
        if compact.startswith(f"{register}-"):
            return register, compact.removeprefix(f"{register}-")
    if compact.startswith("NIC"):
        return Register.NORTHERN_IRELAND, compact.removeprefix("NIC")
    return None, compact


def _guess(number: str) -> Register | None:
    return Register.SCOTLAND if re.fullmatch(r"SC[0-9]+", number) else None


def _pad(number: str, register: Register) -> str:
    """Add what people leave out: the letters SC, and noughts in front."""
    if register is Register.SCOTLAND and (found := re.fullmatch(r"(?:SC)?([0-9]{4,6})", number)):
        return f"SC{found[1]:0>6}"
    if register is Register.COMPANIES_HOUSE and re.fullmatch(r"[0-9]{6,7}", number):
        return number.zfill(8)
    return number
