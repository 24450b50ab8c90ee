"""Published figures, compared with what plain SQL counts and a rule written down once more.

What is withheld on top of the rule is the business of `tests/services/disclosure`, and left out.
"""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import bindparam, text

from matchmaker.extensions import UTCDateTime, db
from matchmaker.models import StatisticFigure
from matchmaker.services import disclosure
from matchmaker.services.disclosure import Shown, protect
from matchmaker.services.statistics import releases
from matchmaker.services.statistics.periods import find_period
from matchmaker.vocabulary import load_vocabulary
from tests.services.statistics.world import make_world, moment

# The half year that ends with March, as moments in UTC.
MONTHS = {
    "2025-10": ("2025-09-30T23:00", "2025-11-01"),
    "2025-11": ("2025-11-01", "2025-12-01"),
    "2025-12": ("2025-12-01", "2026-01-01"),
    "2026-01": ("2026-01-01", "2026-02-01"),
    "2026-02": ("2026-02-01", "2026-03-01"),
    "2026-03": ("2026-03-01", "2026-03-31T23:00"),
}
BUILT_AT = moment("2026-04-15T09:00")
HEALTH_AREAS = {
    "S12000047": "S08000029",
    "S12000036": "S08000024",
    "S12000010": "S08000024",
    "S12000049": "S08000031",
    "W06000015": "W11000029",
    "S92000003": "S92000003-rest",
    "E12000007": "E92000001-rest",
    None: "K02000001-rest",
}
NATIONS = {"S": "S92000003", "W": "W92000004", "E": "E92000001"}

AREA = "(SELECT min(area_code) FROM professional_area a WHERE a.professional_id = {})"
AREA_OF_INTRODUCTION = AREA.format("i.professional_id")
ACCEPTED_AT = (
    "(CASE WHEN i.professional_answer = 'yes' AND i.programme_answer = 'yes' THEN"
    " CASE WHEN i.professional_answered_at > i.programme_answered_at"
    " THEN i.professional_answered_at ELSE i.programme_answered_at END END)"
)
ANSWERED_AT = f"(CASE WHEN i.state = 'declined' THEN i.closed_at ELSE {ACCEPTED_AT} END)"
COMPLETED_AT = "(CASE WHEN i.state = 'completed' THEN i.closed_at END)"
STEPS = {"asked": "i.proposed_at", "accepted": ACCEPTED_AT, "completed": COMPLETED_AT}
PROFESSION = (
    "(SELECT coalesce(profession, 'not_given') FROM professional p WHERE p.id = i.professional_id)"
)
DELIVERY = "(SELECT delivery FROM programme g WHERE g.id = i.programme_id)"
HAS_TERM = (
    "EXISTS (SELECT 1 FROM programme_term t WHERE t.programme_id = i.programme_id"
    " AND t.field = '{}' AND t.code IN :codes)"
)


def within(moment_of):
    return f"{moment_of} >= :begins AND {moment_of} < :ends"


def days(later, earlier):
    if db.session.get_bind().dialect.name == "sqlite":
        return f"(julianday({later}) - julianday({earlier}))"
    return f"(extract(epoch FROM {later} - {earlier}) / 86400)"


def counted(month, select_from, key="''", codes=None):
    """How many there are, by area and key: the statement says of what."""
    begins, ends = map(moment, MONTHS[month])
    parameters = [
        bindparam("begins", begins, UTCDateTime()),
        bindparam("ends", ends, UTCDateTime()),
    ]
    if codes is not None:
        parameters.append(bindparam("codes", sorted(codes), expanding=True))
    statement = text(select_from.replace("SELECT", f"SELECT {key} AS part,", 1))
    used = [each for each in parameters if f":{each.key}" in select_from or f":{each.key}" in key]
    rows = db.session.execute(statement.bindparams(*used)).all()
    return [(part, HEALTH_AREAS[area]) for part, area in rows]


def introductions(month, moment_of, also="1 = 1", key="''", codes=None):
    where = f"{within(moment_of)} AND {also}"
    statement = f"SELECT {AREA_OF_INTRODUCTION} FROM introduction i WHERE {where}"
    return counted(month, statement, key, codes)


def check_ins(month, moment_of, key="''"):
    statement = (
        f"SELECT {AREA_OF_INTRODUCTION} FROM check_in c JOIN introduction i"
        f" ON i.id = c.introduction_id WHERE {within(moment_of)}"
    )
    return counted(month, statement, key)


class Found(Counter):
    """True counts, by area, table, row and column."""

    def add(self, table, row, column, rows):
        for part, area in rows:
            self[area, table, row or part, column] += 1


def count_by_sql(month):
    """Every true count of a month, but for who is there at its end."""
    found = Found()
    count_steps(month, found.add)
    count_days(month, found.add)
    count_groups(month, found.add)
    count_unmet(month, found.add)
    count_answers(month, found.add)
    return Counter(found)


def count_steps(month, add):
    shown = (
        f"SELECT area FROM (SELECT DISTINCT s.professional_id, s.programme_id,"
        f" {AREA.format('s.professional_id')} AS area FROM shown_suggestion s"
        f" WHERE {within('s.shown_at')}) pairs"
    )
    add("funnel", "all", "suggested", counted(month, shown))
    happened = {
        **STEPS,
        "answered": ANSWERED_AT,
        "began": "i.began_at",
        **{
            state: f"(CASE WHEN i.state = '{state}' THEN i.closed_at END)"
            for state in ("ended", "declined", "expired", "withdrawn", "superseded")
        },
        **{
            f"asked_by_{who}": f"(CASE WHEN i.proposed_by = '{who}' THEN i.proposed_at END)"
            for who in ("professional", "programme", "lead")
        },
    }
    for column, at in happened.items():
        add("funnel", "all", column, introductions(month, at))
    for step, at in STEPS.items():
        add("profession", None, step, introductions(month, at, key=PROFESSION))
        add("delivery", None, step, introductions(month, at, key=DELIVERY))


def count_days(month, add):
    took = days(ANSWERED_AT, "i.proposed_at")
    for column, condition in {
        "within_7": f"{took} <= 7",
        "within_14": f"{took} > 7 AND {took} <= 14",
        "later_or_not": f"({ANSWERED_AT} IS NULL OR {took} > 14)",
    }.items():
        add("time_to_answer", "all", column, introductions(month, "i.proposed_at", condition))
    for row, at, since in (
        ("to_answer", ANSWERED_AT, "i.proposed_at"),
        ("to_begin", "i.began_at", ACCEPTED_AT),
        ("to_complete", COMPLETED_AT, ACCEPTED_AT),
    ):
        took = days(at, since)
        for column, condition in {
            "up_to_7": f"{took} <= 7",
            "up_to_14": f"{took} > 7 AND {took} <= 14",
            "up_to_30": f"{took} > 14 AND {took} <= 30",
            "up_to_90": f"{took} > 30 AND {took} <= 90",
            "longer": f"{took} > 90",
        }.items():
            add("days_between", row, column, introductions(month, at, condition))


def count_groups(month, add):
    vocabulary = load_vocabulary()
    for step, at in STEPS.items():
        for table, field, groups in (
            ("condition_group", "condition", vocabulary.condition_groups),
            ("approach_group", "approach", vocabulary.approach_groups),
        ):
            has_term = HAS_TERM.format(field)
            for code in groups:
                codes = groups[code].terms
                add(table, code, step, introductions(month, at, has_term, codes=codes))
            every = [term for code in groups for term in groups[code].terms]
            none = introductions(month, at, f"NOT {has_term}", codes=every)
            add(table, "not_given", step, none)


def count_unmet(month, add):
    unmet = f"{ACCEPTED_AT} IS NULL"
    add("unmet", "all", "introductions", introductions(month, "i.proposed_at", unmet))
    has_term = HAS_TERM.format("condition")
    vocabulary = load_vocabulary()
    groups = vocabulary.condition_groups
    for code in groups:
        rows = introductions(
            month, "i.proposed_at", f"{unmet} AND {has_term}", codes=groups[code].terms
        )
        add("unmet", code, "introductions", rows)
    none = introductions(
        month, "i.proposed_at", f"{unmet} AND NOT {has_term}", codes=vocabulary.conditions
    )
    add("unmet", "not_given", "introductions", none)


def count_answers(month, add):
    for table, column, reason in (
        ("decline_reason", "declined", "i.decline_reason"),
        ("end_reason", "ended", "i.end_reason"),
        ("outcome", "completed", "i.outcome"),
    ):
        at = f"(CASE WHEN i.state = '{column}' THEN i.closed_at END)"
        add(table, None, column, introductions(month, at, key=reason))
    for column in ("asked", "answered"):
        add("check_in", "all", column, check_ins(month, f"c.{column}_at"))
        after = check_ins(month, f"c.{column}_at", key="c.months || '_months'")
        add("check_in", None, column, after)
    for table in ("going", "came_of_it", "would_help"):
        add(table, None, "answered", check_ins(month, "c.answered_at", key=f"c.{table}"))


def demand_by_sql(month):
    found = Counter()
    there = f"SELECT {AREA.format('p.id')} FROM professional p WHERE p.created_at < :ends"
    groups = load_vocabulary().condition_groups
    has_term = (
        "EXISTS (SELECT 1 FROM professional_term t WHERE t.professional_id = p.id"
        " AND t.field = 'condition' AND t.code IN :codes)"
    )
    for row, also, codes in (
        ("all", "", None),
        *((code, f" AND {has_term}", groups[code].terms) for code in groups),
        ("not_given", f" AND NOT {has_term}", load_vocabulary().conditions),
    ):
        for _part, area in counted(month, there + also, codes=codes):
            found[area, "demand", row, "professionals"] += 1
    return found


IN_MONTH = "{0}.shown_at >= :begins AND {0}.shown_at < :ends"
# The showing of a pair in a month in which it stood highest; of several such, the first.
BEST = (
    f"SELECT s.*, (SELECT min(f.shown_at) FROM shown_suggestion f WHERE {IN_MONTH.format('f')}"
    " AND f.professional_id = s.professional_id AND f.programme_id = s.programme_id) AS first_at"
    f" FROM shown_suggestion s WHERE {IN_MONTH.format('s')} AND NOT EXISTS"
    f" (SELECT 1 FROM shown_suggestion t WHERE {IN_MONTH.format('t')}"
    " AND t.professional_id = s.professional_id AND t.programme_id = s.programme_id"
    " AND (t.rank < s.rank OR (t.rank = s.rank AND t.shown_at < s.shown_at)))"
)
BAND = (
    "CASE WHEN b.rank = 1 THEN 'first' WHEN b.rank <= 3 THEN 'to_3'"
    " WHEN b.rank <= 10 THEN 'to_10' ELSE 'further_down' END"
)
VERSION = "CASE WHEN b.model_version IN ('1', '2') THEN b.model_version ELSE 'not_given' END"
# The weights of each side add up to 7.9 and 9.4, and -4.5 is where both begin.
COVERED = "((b.z_professional + 4.5) / 7.9 >= {0} AND (b.z_programme + 4.5) / 9.4 >= {0})"
LABEL = (
    f"CASE WHEN b.model_version <> '2' THEN 'not_given' WHEN {COVERED.format(0.65)} THEN 'strong'"
    f" WHEN {COVERED.format(0.4)} THEN 'good' ELSE 'possible' END"
)
SIZE = (
    "(SELECT CASE WHEN count(*) = 1 THEN 'one' WHEN count(*) <= 4 THEN 'few' ELSE 'many' END"
    " FROM programme o WHERE o.organisation_id = g.organisation_id)"
)
RURALITY = (
    "(SELECT CASE area_code WHEN 'S12000017' THEN 'rural' WHEN 'S12000047' THEN 'urban'"
    " ELSE 'not_given' END FROM organisation o WHERE o.id = g.organisation_id)"
)


def rows_of(statement, month):
    begins, ends = map(moment, MONTHS[month])
    bound = text(statement).bindparams(
        bindparam("begins", begins, UTCDateTime()), bindparam("ends", ends, UTCDateTime())
    )
    return db.session.execute(bound).all()


def matching_by_sql(month):
    """What was shown in a month, and what came of it; for the United Kingdom only."""
    found = Counter()
    since = days("i.proposed_at", "b.first_at")
    asked = (
        "EXISTS (SELECT 1 FROM introduction i WHERE i.professional_id = b.professional_id"
        f" AND i.programme_id = b.programme_id AND {since} >= 0 AND {since} < 14 AND {{}})"
    )
    statement = (
        f"SELECT {BAND}, {VERSION}, {LABEL}, {SIZE}, {RURALITY}, {asked.format('1 = 1')},"
        f" {asked.format('i.professional_answer = i.programme_answer')}"
        f" FROM ({BEST}) b JOIN programme g ON g.id = b.programme_id"
    )
    for band, version, label, size, rurality, is_asked, is_accepted in rows_of(statement, month):
        for column, counts in (("shown", 1), ("asked", is_asked), ("accepted", is_accepted)):
            for table, row in (
                ("match_place", "all"),
                ("match_place", band),
                ("match_version", f"{version}_{band}"),
                ("match_label", label),
                ("match_size", size),
                ("match_rurality", rurality),
            ):
                found["K02000001", table, row, column] += bool(counts)
    return found + overflow_by_sql(month)


def overflow_by_sql(month):
    found = Counter()
    statement = (
        f"SELECT {SIZE}, g.places_per_month, count(*) FROM introduction i"
        " JOIN programme g ON g.id = i.programme_id"
        " WHERE i.proposed_at >= :begins AND i.proposed_at < :ends"
        " AND g.places_per_month IS NOT NULL GROUP BY g.id, g.organisation_id, g.places_per_month"
    )
    for size, places, asked in rows_of(statement, month):
        for row in ("all", size):
            found["K02000001", "match_overflow", row, "asked"] += asked
            found["K02000001", "match_overflow", row, "over"] += max(0, asked - places)
    return found


def offered_by_sql(months):
    found = Counter()
    shown = Counter()
    for month in months:
        times = (
            "SELECT s.programme_id, count(DISTINCT s.professional_id) FROM shown_suggestion s"
            f" WHERE {IN_MONTH.format('s')} GROUP BY s.programme_id"
        )
        shown.update(dict(rows_of(times, month)))
    statement = (
        f"SELECT g.id, g.published_at, g.places_per_month, {SIZE}, {RURALITY} FROM programme g"
    )
    for number, published_at, places, size, rurality in db.session.execute(text(statement)):
        if published_at is None and not shown[number]:
            continue
        for table, row in (
            ("offered_size", "all"),
            ("offered_size", size),
            ("offered_rurality", rurality),
        ):
            found["K02000001", table, row, "programmes"] += 1
            found["K02000001", table, row, "never_shown"] += not shown[number]
            if places is not None:
                found["K02000001", table, row, "places"] += 3 * places
                found["K02000001", table, row, "shown"] += shown[number]
    return found


def of_wider_areas(counts):
    """The counts, added up for nations and the United Kingdom as well."""
    found = Counter()
    for (area, *cell), count in counts.items():
        nation = NATIONS.get(area[0])
        for code in filter(None, (area, nation, "K02000001")):
            found[code, *cell] += count
    return found


def only_monthly(counts):
    """The counts of the tables that there are for months."""
    return {key: n for key, n in counts.items() if key[1] in ("funnel", "time_to_answer")}


def as_published(count):
    """The rule, once more."""
    return None if 1 <= count <= 7 else (count + 2) // 5 * 5


def published(period_key):
    return {
        (each.area_code, each.table_key, each.row_key, each.column_key): each.shown
        for each in db.session.query(StatisticFigure).filter_by(period_key=period_key)
    }


@pytest.fixture
def rule_alone(monkeypatch):
    """Publish every figure as the rule shows it, and withhold none."""

    def publish(counts, _sums, _at_most, frozen):
        return {key: Shown(protect(count)) for key, count in counts.items() if key not in frozen}

    monkeypatch.setattr(disclosure, "publish", publish)


def test_figures_are_what_plain_sql_counts(session, rule_alone):
    make_world(moment("2026-01-01"), moment("2026-03-31T23:00"), seed=7, introductions=420)
    releases.build(find_period("2026-03"), now=BUILT_AT)
    by_month = {month: count_by_sql(month) for month in MONTHS}
    counted = list(by_month.values())
    wanted = {
        **{month: only_monthly(counts) for month, counts in by_month.items()},
        "2025-q4": sum(counted[:3], Counter()) + demand_by_sql("2025-12"),
        "2026-q1": sum(counted[3:], Counter()) + demand_by_sql("2026-03"),
    }
    quarters = {"2025-q4": list(MONTHS)[:3], "2026-q1": list(MONTHS)[3:]}
    for period_key, counts in wanted.items():
        everywhere = of_wider_areas(counts)
        if period_key in quarters:
            months = quarters[period_key]
            everywhere += sum(map(matching_by_sql, months), Counter()) + offered_by_sql(months)
        figures = {key: as_published(count) for key, count in everywhere.items() if count}
        assert published(period_key) == figures
        assert Counter(each is None for each in figures.values())[False] > 10
