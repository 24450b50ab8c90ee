"""What may be shown of answers: counted once, protected, and the same as a plain count."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from matchmaker.extensions import db
from matchmaker.models import SurveyInvitation
from matchmaker.services import csv_export
from matchmaker.services.disclosure import NotPublishable, Shown, audit, protect
from matchmaker.services.erasure import erase
from matchmaker.services.surveys import closing, report, results
from tests.factories import NOW, make_answers, make_user, make_wave

FEW, ENOUGH = 7, 8
TRUST, TOLD = "partnership.trust", "activity.told"


@pytest.fixture
def people(session):
    return [make_user() for _ in range(40)]


def question_of(wave, key):
    return next(each for each in wave.questions if each.key == key)


def closed(people, *chosen, key="partnership_trust", **values):
    """A survey in which one person after the other chose this, and which then closed."""
    wave = make_wave(opened_at=NOW, **values)
    for user, choice in zip(people, chosen, strict=False):
        make_answers(wave, user, **{key: choice})
    closing.close_wave(wave, actor=None, now=NOW)
    return wave


def plain_count(wave, key):
    """The same by plain SQL."""
    rows = db.session.execute(
        text(
            "SELECT a.choice, count(*) FROM survey_answer a"
            " JOIN survey_question q ON q.id = a.question_id"
            " JOIN survey_response r ON r.wave_id = a.wave_id AND r.person_key = a.person_key"
            " WHERE q.wave_id = :wave AND q.key = :key AND r.is_sent GROUP BY a.choice"
        ),
        {"wave": wave.id, "key": key},
    )
    return dict(rows.all())


# --- From 8 ---------------------------------------------------------------------------------------


def test_of_fewer_than_8_people_nothing_is_kept(people):
    wave = closed(people, *["5"] * FEW)
    found = results.read(wave)
    assert (found.is_enough, found.answered.text) == (False, "*")
    assert found.distributions == found.changes == {}
    assert report.make_report(wave).sections == ()


def test_a_survey_that_nobody_answered_can_be_closed(session):
    wave = make_wave(opened_at=NOW)
    session.add(SurveyInvitation(wave_id=wave.id, user_id=make_user().id))
    closing.close_wave(wave, actor=None, now=NOW)
    found = results.read(wave)
    assert (found.asked.text, found.answered.text, found.is_enough) == ("*", "0", False)


def test_of_fewer_than_8_answers_to_a_question_nothing_is_kept(people):
    wave = make_wave(opened_at=NOW)
    for number, user in enumerate(people[:ENOUGH]):
        answers = {"activity_told": "1-2"} if number < FEW else {}
        make_answers(wave, user, partnership_trust="5", **answers)
    closing.close_wave(wave, actor=None, now=NOW)
    assert set(results.read(wave).distributions) == {question_of(wave, TRUST).id}
    notes = {
        each.question.key: each.note
        for section in report.make_report(wave).sections
        for each in section.questions
    }
    assert "Fewer than 8" in notes[TOLD]


def test_what_was_not_sent_does_not_count(people):
    wave = make_wave(opened_at=NOW)
    for number, user in enumerate(people[:ENOUGH]):
        make_answers(wave, user, is_sent=number > 0, partnership_trust="5")
    closing.close_wave(wave, actor=None, now=NOW)
    assert results.read(wave).is_enough is False


@pytest.mark.parametrize("unsent", ["before", "now"])
def test_what_was_not_sent_is_in_no_figure(people, unsent):
    earlier = make_wave(opened_at=NOW)
    for number, user in enumerate(people[:20]):
        is_sent = unsent == "now" or number < 10
        make_answers(earlier, user, is_sent=is_sent, partnership_trust="2")
    closing.close_wave(earlier, actor=None, now=NOW)
    later = make_wave(opened_at=NOW, compared_with=earlier)
    for number, user in enumerate(people[:20]):
        is_sent = unsent == "before" or number < 10
        make_answers(later, user, is_sent=is_sent, partnership_trust="3")
    closing.close_wave(later, actor=None, now=NOW)
    question = question_of(later, TRUST).id
    found = results.read(later)
    assert found.distributions[question].total.shown == (20 if unsent == "before" else 10)
    assert found.changes[question].total.shown == 10


# --- How many chose what --------------------------------------------------------------------------


def test_figures_are_a_plain_count_under_the_rule(people):
    wave = closed(people, *["1"] * 9, *["2"] * 13, *["4"] * 18)
    counted = plain_count(wave, TRUST)
    assert counted == {"1": 9, "2": 13, "4": 18}
    shown = results.read(wave).distributions[question_of(wave, TRUST).id]
    for choice, figure in shown.choices.items():
        assert figure.shown == protect(counted.get(choice, 0))
    assert shown.total.shown == 40


def test_hidden_figures_cannot_be_worked_out(people):
    wave = closed(people, *["1"] * 3, *["2"] * 9, *["3"] * 16, *["4"] * 8, "5", "unknown")
    shown = results.read(wave).distributions[question_of(wave, TRUST).id]
    figures = {
        name: Shown(each.shown, each.is_withheld)
        for name, each in {"total": shown.total, **shown.choices}.items()
    }
    assert shown.choices["1"].is_hidden
    assert audit(figures, [("total", list(shown.choices))]).is_passed


def test_what_cannot_be_shown_safely_is_kept_back(people, monkeypatch, caplog):
    def refuse(*_args):
        raise NotPublishable(["It would give a figure away."])

    monkeypatch.setattr(results, "publish", refuse)
    found = results.read(closed(people, *["5"] * 20))
    assert found.is_enough
    assert {each.total.text for each in found.distributions.values()} == {"x"}
    assert "kept back" in caplog.text


def test_results_do_not_change_after_closing(session, people):
    wave = closed(people, *["5"] * 10)
    before = json.dumps(wave.figures)
    for user in people[:5]:
        erase(user, now=NOW)
    session.expire_all()
    assert json.dumps(wave.figures) == before
    assert results.read(wave).answered.shown == 10


def test_while_it_is_open_a_lead_reads_rounded_counts(people):
    wave = make_wave(opened_at=NOW)
    assert results.read(wave) is None
    assert report.make_report(wave) is None
    for user in people[:FEW]:
        make_answers(wave, user, partnership_trust="5")
    assert [each.text for each in results.count_so_far(wave)] == ["*", "*"]
    for user in people[FEW:12]:
        make_answers(wave, user, partnership_trust="5")
    assert [each.text for each in results.count_so_far(wave)] == ["10", "10"]


# --- The same people ------------------------------------------------------------------------------


def change_between(people, before, now, key=TRUST):
    earlier = closed(people, *before, key=key.replace(".", "_"))
    later = closed(people, *now, key=key.replace(".", "_"), compared_with=earlier)
    return results.read(later).changes.get(question_of(later, key).id)


def test_the_same_people_are_compared(people):
    change = change_between(people, ["2"] * 30, ["3"] * 10 + ["2"] * 10 + ["1"] * 10)
    assert {name: each.shown for name, each in change.changes.items()} == {
        "higher": 10,
        "same": 10,
        "lower": 10,
    }
    assert (change.total.shown, change.mean_tenths) == (30, 0)


def test_the_mean_change_is_rounded_to_a_tenth(people):
    assert change_between(people, ["2"] * 8, ["4"] * 3 + ["2"] * 5).mean_tenths == 8
    assert change_between(people[8:], ["4"] * 8, ["2"] * 1 + ["4"] * 7).mean_tenths == -3


def test_bands_have_no_mean(people):
    change = change_between(people, ["none"] * 9, ["more"] * 9, key=TOLD)
    assert change.mean_tenths is None
    assert change.changes["higher"].shown == 10


def test_fewer_than_8_pairs_are_not_compared(people):
    assert change_between(people, ["2"] * FEW, ["3"] * 20) is None
    assert change_between(people[20:], ["2"] * 20, ["unknown"] * 13 + ["3"] * FEW) is None


def test_different_people_are_no_pairs(people):
    earlier = closed(people[:10], *["2"] * 10)
    later = closed(people[10:20], *["3"] * 10, compared_with=earlier)
    assert results.read(later).changes == {}


def test_another_kind_of_question_is_not_compared(session, people):
    earlier = closed(people, *["2"] * 10)
    question_of(earlier, TRUST).key = "own.1"
    later = closed(people, *["3"] * 10, compared_with=earlier)
    assert results.read(later).changes == {}


def test_nobody_is_compared_across_a_change_of_the_secret(app, people, monkeypatch):
    earlier = closed(people, *["2"] * 10)
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret, as long as it has to be")
    later = closed(people, *["3"] * 10, compared_with=earlier)
    assert results.comparable(later) is None
    assert results.read(later).changes == {}


# --- As they are read -----------------------------------------------------------------------------


def test_the_page_and_the_file_say_the_same(people):
    earlier = closed(people, *["2"] * 20)
    later = closed(people, *["3"] * 12, *["2"] * 8, compared_with=earlier)
    made = report.make_report(later)
    file = report.as_csv(made).removeprefix(csv_export.BYTE_ORDER_MARK).splitlines()
    wording = question_of(later, TRUST).wording
    rows = [line for line in file if wording in line]
    cells = [cell for chart in made.charts for row in chart.rows for cell in row.cells]
    assert len(rows) == len(cells)
    for chart in made.charts:
        for row in chart.rows:
            for heading, cell in zip(chart.headings[1:], row.cells, strict=True):
                line = f",{heading},{row.label},{cell.csv}"
                assert any(each.endswith(line) for each in rows), line


def test_sentences_say_what_the_figures_show(people):
    earlier = closed(people, *["2"] * 20)
    later = closed(people, *["3"] * 12, *["1"] * 8, compared_with=earlier)
    distribution, change = report.make_report(later).charts
    assert distribution.sentence == (
        "About 20 people answered. Most often chosen, about equally: 1: Not at all; 3."
    )
    assert change.sentence == (
        "About 20 people answered this both times."
        " On average, their answer went up by 0.2, on the scale of 5."
    )


def test_a_sentence_names_no_most_chosen_answer_that_may_not_be_it(people):
    wave = closed(people, *["5"] * 21)
    made = report.make_report(wave)
    assert "by about 20" in made.charts[0].sentence
    figures = wave.figures["figures"]
    wave.figures = {
        **wave.figures,
        "figures": {key: "x" if key.endswith("/4") else value for key, value in figures.items()},
    }
    assert report.make_report(wave).charts[0].sentence == "About 20 people answered."
