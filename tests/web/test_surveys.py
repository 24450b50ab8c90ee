"""Surveys through the pages: a lead writes and opens one, people answer, and figures come of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select, update

from matchmaker.extensions import db
from matchmaker.models import (
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveySection,
    SurveyTheme,
    SurveyWave,
)
from matchmaker.services.surveys import closing, themes
from matchmaker.services.surveys.waves import questions_of
from tests.factories import (
    FIFE,
    NOW,
    make_answers,
    make_lead,
    make_professional,
    make_user,
    make_wave,
)
from tests.web.markup import Markup, csrf_token
from tests.web.world import sign_in


@pytest.fixture
def browser_of(app, writing):
    def open_browser(user):
        client = app.test_client()
        sign_in(client, user, writing)
        return client

    return open_browser


@pytest.fixture
def as_lead(browser_of, writing):
    with writing():
        lead = make_lead([FIFE])
    return browser_of(lead)


def _post(client, address, **values):
    token = csrf_token(client.get(address).text)
    return client.post(address, data={"csrf_token": token, **values})


def _press(client, page, address, **values):
    """Press a button of `page` that posts to another address."""
    token = csrf_token(client.get(page).text)
    return client.post(address, data={"csrf_token": token, **values}, follow_redirects=True)


def _asked(writing, **values):
    """An open survey, and somebody who was asked to answer it."""
    with writing() as session:
        wave, user = make_wave(area_code=FIFE, opened_at=NOW, **values), make_user()
        session.add(SurveyInvitation(wave_id=wave.id, user_id=user.id))
        session.flush()
        questions = {
            section: [each.id for each in questions_of(wave, section)] for section in SurveySection
        }
        return wave, user, questions


def _closed(writing, count=10, *, text="There is no time in a full clinic"):
    """A survey that some people answered, and that has closed, with its themes."""
    with writing() as session:
        wave, users = make_wave(area_code=FIFE, opened_at=NOW), []
        for number in range(count):
            users.append(make_user())
            words = f"{text}: canary{'abcdefghijklmnop'[number]}"
            make_answers(
                wave, users[-1], quotable=number == 0, partnership_know="4", hinders_practice=words
            )
        closing.close_wave(wave, actor=None, now=NOW)
        themes.find_due(now=NOW)
        session.flush()
        theme = session.scalars(select(SurveyTheme)).first()
        return wave, users, theme


# --- A lead writes --------------------------------------------------------------------------------


def test_a_lead_prepares_changes_and_opens_a_survey(as_lead, writing):
    with writing():
        people = [make_professional().user for _ in range(9)]
    made = _post(as_lead, "/lead/surveys/new", title="Baseline 2026", area_code=FIFE, earlier="")
    own = made.location
    assert "Not at all" in as_lead.get(own).text
    _post(as_lead, f"{own}/edit", version="1", title="Baseline", area_code=FIFE)
    _post(
        as_lead,
        f"{own}/questions/new",
        version="2",
        wording="How many visits?",
        section="activity",
        kind="how_many",
    )
    page = as_lead.get(own).text
    assert "How many visits?" in page
    assert "Baseline 2026" not in page
    opening = as_lead.get(f"{own}/open").text
    assert "About 10 people would be asked" in opening
    version = Markup(opening).all("input", name="version")[0].attributes["value"]
    opened = _post(as_lead, f"{own}/open", version=version)
    assert opened.status_code == 302
    page = as_lead.get(own).text
    assert "Close the survey" in page
    assert "once a week at most" in page
    with writing() as session:
        assert session.scalar(select(func.count()).select_from(SurveyInvitation)) == len(people)


def test_a_question_is_moved_and_taken_out(as_lead, writing):
    with writing():
        wave = make_wave(area_code=FIFE)
        first, second = questions_of(wave, SurveySection.ACTIVITY)[:2]
    own = f"/lead/surveys/{wave.id}"
    page = _press(as_lead, own, f"/lead/surveys/questions/{first.id}/move", way="down").text
    assert page.index(second.wording) < page.index(first.wording)
    page = _press(as_lead, own, f"/lead/surveys/questions/{first.id}/remove").text
    assert first.wording not in page
    changed = _post(
        as_lead,
        f"/lead/surveys/questions/{second.id}",
        version="3",
        wording="Put in other words?",
        section="activity",
        kind="how_many",
    )
    assert changed.status_code == 302
    assert "Put in other words?" in as_lead.get(own).text


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(as_lead, writing):
    with writing():
        wave = make_wave(area_code=FIFE, version=5)
    answer = _post(
        as_lead, f"/lead/surveys/{wave.id}/edit", version="4", title="Mine", area_code=FIFE
    )
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert Markup(answer.text).all("input", name="version")[0].attributes["value"] == "5"


@pytest.mark.parametrize("count", [0, 3])
def test_a_scope_with_too_few_people_is_warned_about(as_lead, writing, count):
    with writing():
        wave = make_wave(area_code=FIFE)
        for _ in range(count):
            make_professional()
    page = as_lead.get(f"/lead/surveys/{wave.id}/open").text
    assert ("no result will ever be shown" in page) == (count > 0)
    assert ("cannot be opened" in page) == (count == 0)
    answer = _post(as_lead, f"/lead/surveys/{wave.id}/open", version="1")
    assert answer.status_code == (302 if count else 422)


def test_a_nonsense_last_day_is_asked_for_again(as_lead, writing):
    with writing():
        wave = make_wave(area_code=FIFE)
        make_professional()
    day = {"closes_on-day": "31", "closes_on-month": "2", "closes_on-year": "2027"}
    answer = _post(as_lead, f"/lead/surveys/{wave.id}/open", version="1", **day)
    assert answer.status_code == 422
    assert "Enter a real date" in answer.text


def test_an_area_that_is_not_theirs_cannot_be_asked(as_lead, app):
    answer = _post(as_lead, "/lead/surveys/new", title="A", area_code="W92000004", earlier="")
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalar(select(SurveyWave)) is None


def test_the_preview_shows_every_page_and_keeps_nothing(as_lead, writing, app):
    with writing():
        wave = make_wave(area_code=FIFE)
    address = f"/lead/surveys/{wave.id}/preview"
    seen = as_lead.get(address).text
    for section in SurveySection:
        page = as_lead.get(f"{address}?page={section}").text
        assert "Nothing you choose here is kept" in page
        seen += page
    following = _post(as_lead, f"{address}?page=activity", answer_1="more")
    assert following.location == f"{address}?page=partnership"
    assert _post(as_lead, f"{address}?page=would_help").location == f"/lead/surveys/{wave.id}"
    with app.app_context():
        assert db.session.scalar(select(SurveyAnswer)) is None
    assert all(each.wording.replace("'", "&#39;") in seen for each in wave.questions)
    assert as_lead.get(f"{address}?page=nonsense").status_code == 200


def test_a_draft_is_deleted_and_an_open_one_is_not(as_lead, writing, app):
    with writing():
        draft, is_open = make_wave(area_code=FIFE), make_wave(area_code=FIFE, opened_at=NOW)
    for wave in (draft, is_open):
        _post(as_lead, f"/lead/surveys/{wave.id}/delete")
    with app.app_context():
        assert db.session.scalars(select(SurveyWave.id)).all() == [is_open.id]
    assert "cannot change any more" in as_lead.get("/lead/surveys/").text


# --- People answer --------------------------------------------------------------------------------


def test_somebody_answers_page_by_page_and_sends_it(browser_of, writing):
    wave, user, questions = _asked(writing)
    client = browser_of(user)
    assert wave.title in client.get("/home").text
    own = f"/surveys/{wave.id}"
    assert "Nothing about patients is asked" in client.get(own).text
    activity, works = questions[SurveySection.ACTIVITY], questions[SurveySection.WORKS]
    after = _post(client, f"{own}/activity", **{f"answer_{activity[0]}": "3-5"})
    assert after.location == f"{own}/partnership"
    words = {f"answer_{works[0]}": "Coffee\nand cake", f"quote_{works[0]}": "yes"}
    assert _post(client, f"{own}/works", **words).location == f"{own}/hinders"
    assert _post(client, f"{own}/would_help").location == f"{own}/check"
    page = client.get(f"{own}/check").text
    assert "3 to 5" in page
    assert "Coffee\nand cake" in page
    assert "Go on with your answers" in client.get(own).text
    sent = _post(client, f"{own}/check")
    assert "Your answers have been sent" in client.get(sent.location).text
    assert wave.title not in client.get("/home").text
    again = _post(client, f"{own}/activity?from=check", **{f"answer_{activity[0]}": "more"})
    assert again.location == f"{own}/check"
    assert "More than 10" in client.get(f"{own}/check").text


def test_nothing_is_sent_by_somebody_who_said_nothing(browser_of, writing):
    wave, user, _ = _asked(writing)
    answer = _post(browser_of(user), f"/surveys/{wave.id}/check")
    assert answer.status_code == 422
    assert "You have not answered any question yet" in answer.text


def test_an_answer_that_is_too_long_is_kept_on_the_page(browser_of, writing):
    wave, user, questions = _asked(writing)
    works = questions[SurveySection.WORKS]
    answer = _post(
        browser_of(user), f"/surveys/{wave.id}/works", **{f"answer_{works[0]}": "x" * 2001}
    )
    assert answer.status_code == 422
    assert "x" * 2001 in answer.text


def test_who_types_while_it_closes_can_copy_what_they_wrote(browser_of, writing, app):
    wave, user, questions = _asked(writing)
    client, works = browser_of(user), questions[SurveySection.WORKS]
    activity = questions[SurveySection.ACTIVITY]
    own = f"/surveys/{wave.id}"
    token = csrf_token(client.get(f"{own}/works").text)
    with writing() as session:
        closing.close_wave(session.get(SurveyWave, wave.id), actor=None, now=NOW)
    typed = {"csrf_token": token, f"answer_{works[0]}": "Ten minutes of typing"}
    answer = client.post(f"{own}/works", data=typed)
    assert answer.status_code == 409
    assert "Ten minutes of typing" in answer.text
    assert "closed while you were writing" in answer.text
    chosen = {"csrf_token": token, f"answer_{activity[0]}": "3-5"}
    assert "3 to 5" in client.post(f"{own}/activity", data=chosen).text
    assert client.post(f"{own}/check", data={"csrf_token": token}).status_code == 409
    with app.app_context():
        assert db.session.scalar(select(SurveyAnswer)) is None
    assert client.get(f"{own}/works").location == own
    assert client.get(f"{own}/check").location == own


def test_a_page_that_is_not_there_is_not_found(browser_of, writing):
    wave, user, _ = _asked(writing)
    client = browser_of(user)
    assert client.get(f"/surveys/{wave.id}/nonsense").status_code == 404
    assert client.get("/surveys/999/works").status_code == 404


def test_own_answers_can_be_read_after_closing_and_quotes_taken_back(browser_of, writing, app):
    wave, users, theme = _closed(writing)
    with writing() as session:
        session.execute(update(SurveyAnswer).where(SurveyAnswer.may_quote).values(is_quoted=True))
    client, own = browser_of(users[0]), f"/surveys/{wave.id}"
    page = client.get(own).text
    assert "canarya" in page
    assert "canaryb" not in page
    answer_id = Markup(page).all("input", name="answer")[0].attributes["value"]
    page = _press(client, own, f"{own}/take-back", answer=answer_id).text
    assert "Do not quote this" not in page
    with app.app_context():
        assert db.session.scalar(select(SurveyAnswer).where(SurveyAnswer.is_quoted)) is None
    assert theme is not None


# --- A lead reads ---------------------------------------------------------------------------------


def test_results_are_shown_once_it_has_closed(as_lead, writing):
    with writing():
        wave = make_wave(area_code=FIFE, opened_at=NOW)
        for _ in range(10):
            make_answers(wave, make_user(), partnership_know="4")
    own = f"/lead/surveys/{wave.id}"
    assert "once the survey has closed" in as_lead.get(f"{own}/results").text
    assert as_lead.get(f"{own}/results.csv").location == f"{own}/results"
    closed = _post(as_lead, f"{own}/close")
    assert closed.location == f"{own}/results"
    page = as_lead.get(f"{own}/results").text
    assert "Of about 10 people who were asked, about 10 answered." in page
    assert "Most often chosen: 4, by about 10." in page
    assert "Fewer than 8 people answered this question" in page


def test_results_of_too_few_are_never_shown(as_lead, writing):
    wave, _, _ = _closed(writing, 7)
    page = as_lead.get(f"/lead/surveys/{wave.id}/results").text
    assert "Fewer than 8 people answered, so nothing is shown" in page
    assert "govuk-table" not in page


def test_the_screen_and_the_file_show_the_same_figures(as_lead, writing):
    wave, _, _ = _closed(writing, 10)
    page = Markup(as_lead.get(f"/lead/surveys/{wave.id}/results").text)
    file = as_lead.get(f"/lead/surveys/{wave.id}/results.csv")
    assert file.content_type == "text/csv; charset=utf-8"
    on_screen = [each.text for each in page.all("span") if "mm-figure__number" in str(each)]
    rows = [line.rpartition(",")[2] for line in file.text.splitlines()]
    asked = next(each for each in wave.questions if each.key == "partnership.know").wording
    of_question = [
        row for row, line in zip(rows, file.text.splitlines(), strict=True) if asked in line
    ]
    assert on_screen == of_question
    assert len(on_screen) == 14


def test_a_lead_names_a_theme_and_chooses_a_quote(as_lead, writing):
    _, _, theme = _closed(writing, 10)
    address = f"/lead/surveys/themes/{theme.id}"
    page = as_lead.get(address).text
    quotable = Markup(page).all("input", name="quotes")
    assert set(re.findall("canary[a-z]", page)) <= {"canarya"}
    saved = _post(
        as_lead,
        address,
        version="1",
        name="Too busy",
        quotes=[each.attributes["value"] for each in quotable],
    )
    page = as_lead.get(saved.location).text
    assert "Too busy" in page
    assert set(re.findall("canary[a-z]", page)) == {"canarya"}
    stale = _post(as_lead, address, version="1", name="Late")
    assert stale.status_code == 409
    assert _post(as_lead, address, version="2", name=" ").status_code == 422


def test_a_lead_reads_no_answer_that_nobody_agreed_to_show(as_lead, writing):
    wave, users, theme = _closed(writing, 10)
    with writing() as session:
        session.execute(update(SurveyAnswer).values(may_quote=False))
    own = f"/lead/surveys/{wave.id}"
    pages = [own, "results", "results.csv", "preview", "close", f"/lead/surveys/themes/{theme.id}"]
    for page in pages:
        address = page if page.startswith("/") else f"{own}/{page}"
        seen = as_lead.get(address).text
        assert "canary" not in seen, address
        assert not any(user.email in seen or f">{user.name}<" in seen for user in users), address


def test_reminding_is_refused_in_words(as_lead, writing):
    with writing():
        wave = make_wave(area_code=FIFE)
    own = f"/lead/surveys/{wave.id}"
    assert "not open" in _press(as_lead, own, f"{own}/remind").text
    assert "nothing to close" in _press(as_lead, own, f"{own}/close").text
    with writing() as session:
        session.execute(
            update(SurveyWave).values(state="open", opened_at=NOW, key_mark="of another secret")
        )
    assert "set up anew" in as_lead.get(own).text
    assert as_lead.get(f"{own}/open", follow_redirects=True).status_code == 200


def test_a_wave_without_questions_says_so(as_lead, writing):
    with writing() as session:
        wave = make_wave(area_code=FIFE, asked=[])
        session.flush()
        assert session.scalar(select(SurveyQuestion)) is None
    assert "There is no question yet" in as_lead.get(f"/lead/surveys/{wave.id}").text
    assert as_lead.get(f"/lead/surveys/{wave.id}/preview").status_code == 200
