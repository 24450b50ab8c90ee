"""What an address names, loaded for `@access(…, subject=…)`; None where there is no such thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug.routing import IntegerConverter, ValidationError

from matchmaker.extensions import db
from matchmaker.models import (
    Block,
    CheckIn,
    Claim,
    HelpRequest,
    Introduction,
    IntroductionMessage,
    Organisation,
    OutsideContact,
    PracticeExample,
    Professional,
    Programme,
    ProgrammeEdit,
    RegisterCheck,
    SavedList,
    SurveyQuestion,
    SurveyTheme,
    SurveyWave,
    UserSession,
)
from matchmaker.services import (
    check_ins,
    claims,
    help_requests,
    organisations,
    outside_contacts,
    practice_examples,
    programme_history,
    programmes,
    register_checks,
    saved_lists,
)
from matchmaker.services.introduction_lookups import find_introduction
from matchmaker.services.policy import HelpCase, Pairing
from matchmaker.services.surveys import themes, waves

if TYPE_CHECKING:
    from flask import Flask

# Ids are 32-bit integers on PostgreSQL, which answers a larger one with an error, as SQLite does
# one of more than 64 bits.
LARGEST_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """A whole number in an address. One that no row can have is no address of ours (404)."""

    regex = r"[0-9]{1,10}"

    def to_python(self, value: str) -> Any:
        """Read the number."""
        found = row_id(value)
        if found is None:
            raise ValidationError
        return found


def init_app(app: Flask) -> None:
    """Read every `<int:…>` as an id; register before the routes."""
    app.url_map.converters["int"] = IdConverter


def row_id(text: str) -> int | None:
    """The id that somebody wrote, or None for what no row can have."""
    if not re.fullmatch(r"[0-9]{1,10}", text):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def organisation_from_url(organisation_id: int) -> Organisation | None:
    """The organisation."""
    return organisations.find_organisation(organisation_id)


def organisation_from_query() -> Organisation | None:
    """The organisation that `?organisation=` names."""
    wanted = row_id(request.args.get("organisation", ""))
    return None if wanted is None else organisations.find_organisation(wanted)


def programme_from_url(programme_id: int) -> Programme | None:
    """The programme, in any state."""
    return programmes.find_programme(programme_id)


def edit_from_url(edit_id: int) -> ProgrammeEdit | None:
    """The change of a programme, decided or not."""
    return programme_history.find_edit(edit_id)


def published_programme_from_url(programme_id: int) -> Programme | None:
    """The programme, unless it is still a draft."""
    programme = programmes.find_programme(programme_id)
    return programme if programme is not None and programme.is_published else None


def introduction_from_url(introduction_id: int) -> Introduction | None:
    """The introduction."""
    return find_introduction(introduction_id)


def check_in_from_url(check_in_id: int) -> CheckIn | None:
    """The check-in."""
    return check_ins.find_check_in(check_in_id)


def claim_from_url(claim_id: int) -> Claim | None:
    """The request to look after an organisation."""
    return claims.find_claim(claim_id)


def example_from_url(example_id: int) -> PracticeExample | None:
    """The practice example, in any state."""
    return practice_examples.find_example(example_id)


def help_request_from_url(request_id: int) -> HelpRequest | None:
    """What somebody asked a lead."""
    return help_requests.find_request(request_id)


def help_case_from_url(request_id: int) -> HelpCase | None:
    """The same, for those who may answer it."""
    return help_requests.find_case(request_id)


def register_check_from_url(check_id: int) -> RegisterCheck | None:
    """Somebody's wish to have their registration looked up."""
    return register_checks.find_check(check_id)


def contact_from_url(contact_id: int) -> OutsideContact | None:
    """The contact made elsewhere."""
    return outside_contacts.find_contact(contact_id)


def message_from_url(message_id: int) -> IntroductionMessage | None:
    """The message of an introduction."""
    return db.session.get(IntroductionMessage, message_id)


def block_from_url(block_id: int) -> Block | None:
    """The block."""
    return db.session.get(Block, block_id)


def session_from_url(session_id: int) -> UserSession | None:
    """The signed-in browser."""
    return db.session.get(UserSession, session_id)


def saved_list_from_url(list_id: int) -> SavedList | None:
    """The list of programmes that somebody keeps in their account."""
    return saved_lists.find_list(list_id)


def professional_from_url(professional_id: int) -> Professional | None:
    """The professional."""
    return db.session.get(Professional, professional_id)


def wave_from_url(wave_id: int) -> SurveyWave | None:
    """The survey, in any state."""
    return waves.find_wave(wave_id)


def survey_question_from_url(question_id: int) -> SurveyQuestion | None:
    """The question of a survey."""
    return waves.find_question(question_id)


def theme_from_url(theme_id: int) -> SurveyTheme | None:
    """The theme of what people wrote."""
    return themes.find_theme(theme_id)


def pairing_from_url(programme_id: int, professional_id: int) -> Pairing | None:
    """The programme and the professional who might meet."""
    programme = programmes.find_programme(programme_id)
    professional = db.session.get(Professional, professional_id)
    if programme is None or professional is None:
        return None
    return Pairing(professional, programme)
