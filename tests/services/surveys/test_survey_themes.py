"""Themes of what people wrote, their names, and quotes with consent."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from matchmaker.models import AuditEvent, SurveyAnswer, SurveyTheme
from matchmaker.services.errors import FieldError, StaleVersion
from matchmaker.services.surveys import answering, closing, report, themes
from tests.factories import NOW, make_answers, make_lead, make_user, make_wave

TIME = [f"There is no time in a full clinic, number {number}" for number in range(10)]
MONEY = [f"The funding of the grant ends, number {number}" for number in range(10)]


def written(texts, *, quotable=False):
    """A closed survey in which each text is of another person, its themes found."""
    wave = make_wave(opened_at=NOW)
    invitations = [
        make_answers(wave, make_user(), quotable=quotable, hinders_structures=each)
        for each in texts
    ]
    closing.close_wave(wave, actor=None, now=NOW)
    themes.find_due(now=NOW)
    return wave, invitations


def found_in(wave):
    return [each for several in themes.list_themes(wave).values() for each in several]


def edit(theme, lead, **values):
    facts = {"name": "Too busy", "quoted_ids": [], "version": theme.version, **values}
    themes.edit_theme(theme, actor=lead, now=NOW, **facts)


@pytest.fixture
def lead(session):
    return make_lead()


# --- Finding them ---------------------------------------------------------------------------------


def test_themes_are_found_once(session):
    wave, _ = written([*TIME, *MONEY])
    assert wave.themes_found_at == NOW
    assert themes.find_next(now=NOW) is False
    found = found_in(wave)
    assert sorted(each.texts.shown for each in found) == [10, 10]
    assert {*found[0].theme.words, *found[1].theme.words} >= {"funding", "time", "clinic"}
    assert not {*found[0].theme.words} & {*found[1].theme.words} & {"funding", "time"}
    assert found[0].theme.name == themes.suggest_name(found[0].theme.words)


def test_a_name_is_made_of_the_first_words():
    assert themes.suggest_name(["time", "clinic", "full", "visit"]) == "Time, clinic, full"


def test_fewer_than_8_texts_have_no_themes(session):
    wave = make_wave(opened_at=NOW)
    for number, each in enumerate(TIME[:8]):
        texts = {"hinders_structures": each} if number < 7 else {"hinders_practice": each}
        make_answers(wave, make_user(), **texts)
    closing.close_wave(wave, actor=None, now=NOW)
    themes.find_due(now=NOW)
    assert wave.themes_found_at == NOW
    assert session.scalar(select(func.count()).select_from(SurveyTheme)) == 0


def test_what_is_open_has_no_themes_yet(session):
    make_wave(opened_at=NOW)
    assert themes.find_next(now=NOW) is False


def test_questions_are_sorted_one_at_a_time_so_that_others_can_write_between(session):
    wave = make_wave(opened_at=NOW)
    for time, money in zip(TIME, MONEY, strict=True):
        make_answers(wave, make_user(), hinders_structures=time, works_practice=money)
    closing.close_wave(wave, actor=None, now=NOW)
    steps = []
    while themes.find_next(now=NOW):
        steps.append((len(themes.list_themes(wave)), wave.themes_found_at is not None))
    assert steps == [(1, False), (2, False), (2, True)]


def test_small_themes_are_protected(session):
    wave, _ = written([*TIME, *MONEY[:4]])
    assert sorted(each.texts.text for each in found_in(wave)) == ["*", "10"]


def test_the_order_in_which_people_answered_decides_nothing(session):
    ways = ([*TIME, *MONEY], [*MONEY, *TIME][::-1])
    names = [[each.theme.name for each in found_in(written(texts)[0])] for texts in ways]
    assert names[0] == names[1]


# --- Naming and quoting ---------------------------------------------------------------------------


def test_a_lead_names_a_theme_and_it_is_audited(session, lead):
    wave, _ = written([*TIME, *MONEY])
    theme = found_in(wave)[0].theme
    edit(theme, lead, name="  Too   busy ")
    assert theme.name == "Too busy"
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.actor_user_id) == ("survey.theme_edited", lead.id)
    assert "busy" not in str(event.details)


@pytest.mark.parametrize(
    ("change", "error"),
    [({"name": " "}, FieldError), ({"name": "x" * 81}, FieldError), ({"version": 9}, StaleVersion)],
)
def test_a_name_that_does_not_do_is_refused(lead, change, error):
    wave, _ = written([*TIME, *MONEY])
    with pytest.raises(error):
        edit(found_in(wave)[0].theme, lead, **change)


def test_only_texts_with_consent_can_be_read_and_quoted(session, lead):
    wave, _ = written([*TIME, *MONEY])
    theme = found_in(wave)[0].theme
    assert themes.list_quotable(theme) == []
    secret = session.scalars(select(SurveyAnswer).where(SurveyAnswer.theme_id == theme.id)).first()
    edit(theme, lead, quoted_ids=[secret.id])
    assert secret.is_quoted is False
    assert found_in(wave)[0].quotes == ()


def test_a_quote_is_gone_at_once_when_its_writer_takes_it_back(session, lead):
    wave, invitations = written([*TIME, *MONEY], quotable=True)
    theme = found_in(wave)[0].theme
    quotable = themes.list_quotable(theme)
    assert len(quotable) == 10
    edit(theme, lead, quoted_ids=[quotable[0].id])
    assert found_in(wave)[0].quotes == (quotable[0].text,)
    for invitation in invitations:
        answering.take_back_quote(invitation, quotable[0].id)
    assert found_in(wave)[0].quotes == ()
    assert len(themes.list_quotable(theme)) == 9
    edit(theme, lead, quoted_ids=[quotable[0].id])
    assert found_in(wave)[0].quotes == ()


def test_quotes_are_not_shown_when_nobody_could_take_them_back(app, session, lead, monkeypatch):
    wave, _ = written([*TIME, *MONEY], quotable=True)
    theme = found_in(wave)[0].theme
    edit(theme, lead, quoted_ids=[each.id for each in themes.list_quotable(theme)])
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret, as long as it has to be")
    assert {each.quotes for each in found_in(wave)} == {()}
    assert themes.list_quotable(theme) == []


def test_themes_are_in_the_file_without_quotes(lead):
    wave, _ = written([*TIME, *MONEY], quotable=True)
    theme = found_in(wave)[0].theme
    edit(theme, lead, quoted_ids=[each.id for each in themes.list_quotable(theme)])
    file = report.as_csv(report.make_report(wave))
    assert ",Texts,Too busy,10" in file
    assert "grant ends, number" not in file
