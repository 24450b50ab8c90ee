from __future__ import annotations

import pytest

from matchmaker.extensions import db
from matchmaker.models import StatisticsRelease
from matchmaker.services.statistics.figures import (
    Figure,
    latest,
    list_periods,
    read_areas,
    read_series,
    read_table,
    read_tables,
)
from matchmaker.services.statistics.periods import PeriodKind, find_period
from tests.factories import NOW, make_figures

UNITED_KINGDOM = "K02000001"
NHS_FIFE = "S08000029"


@pytest.fixture
def in_english(app):
    with app.test_request_context():
        yield


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("figure", "text", "csv"),
    [
        (Figure(0), "0", "0"),
        (Figure(1235), "1,235", "1235"),
        (Figure(None), "*", "*"),
        (Figure(None, is_withheld=True), "x", "x"),
    ],
)
def test_a_figure_says_why_it_is_hidden(in_english, figure, text, csv):
    assert (figure.text, figure.csv) == (text, csv)
    assert figure.is_hidden == (figure.shown is None)


def test_a_table_holds_what_was_published_and_0_for_the_rest(session):
    published = {("all", "asked"): 120, ("all", "began"): "*", ("all", "ended"): "x"}
    make_figures("funnel", NHS_FIFE, "2026-09", published)
    make_figures("funnel", UNITED_KINGDOM, "2026-09", {("all", "asked"): 900})
    make_figures("funnel", NHS_FIFE, "2026-08", {("all", "asked"): 80})
    table = read_table("funnel", NHS_FIFE, find_period("2026-09"))
    assert table.figure("all", "asked") == Figure(120)
    assert table.figure("all", "began") == Figure(None)
    assert table.figure("all", "ended") == Figure(None, is_withheld=True)
    assert table.figure("all", "accepted") == Figure(0)


def test_a_series_has_a_table_for_each_period_in_the_order_asked_for(session):
    for month, asked in (("2026-07", 50), ("2026-09", 70)):
        make_figures("funnel", NHS_FIFE, month, {("all", "asked"): asked})
    periods = [find_period(each) for each in ("2026-09", "2026-08", "2026-07")]
    series = read_series("funnel", NHS_FIFE, periods)
    assert [each.period for each in series] == periods
    assert [each.figure("all", "asked").shown for each in series] == [70, 0, 50]


def test_several_tables_or_areas_are_read_at_once(session):
    make_figures("funnel", NHS_FIFE, "2026-09", {("all", "asked"): 70})
    make_figures("profession", NHS_FIFE, "2026-q3", {("dietitian", "asked"): 15})
    september, quarter = find_period("2026-09"), find_period("2026-q3")
    by_area = read_areas("funnel", [NHS_FIFE, UNITED_KINGDOM], september)
    assert by_area[NHS_FIFE].figure("all", "asked").shown == 70
    assert by_area[UNITED_KINGDOM].figure("all", "asked").shown == 0
    by_table = read_tables(["profession", "delivery"], NHS_FIFE, quarter)
    assert by_table["profession"].figure("dietitian", "asked").shown == 15
    assert by_table["delivery"].figures == {}


def test_the_newest_period_comes_first_and_only_whole_ones_count(session):
    for month in ("2026-02", "2026-03", "2026-04"):
        make_figures("funnel", NHS_FIFE, month, {("all", "asked"): 10})
    keys = {kind: [each.key for each in list_periods(kind)] for kind in PeriodKind}
    assert keys == {
        PeriodKind.MONTH: ["2026-04", "2026-03", "2026-02"],
        PeriodKind.QUARTER: ["2026-q1"],
    }
    assert latest(PeriodKind.MONTH) == find_period("2026-04")


def test_what_is_not_published_is_not_read(session):
    make_figures("funnel", NHS_FIFE, "2026-09", {("all", "asked"): 70})
    db.session.query(StatisticsRelease).one().published_at = None
    db.session.add(StatisticsRelease(month="2026-08", begun_at=NOW, failure="It did not work."))
    db.session.flush()
    assert latest(PeriodKind.MONTH) is None
    assert read_table("funnel", NHS_FIFE, find_period("2026-09")).figures == {}
