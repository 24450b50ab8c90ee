import json
from math import exp

import pytest
from click.testing import CliRunner

from matchmaker.cli.matching import match

KEYS = ["professional", "programme", "rank", "score", "label", "route", "base", "z", "reasons"]
KEYS += ["rest", "cautions"]
REASON_KEYS = ["side", "field", "sought", "offered", "text", "points"]

PROFESSIONALS = [
    {"id": "P2", "profession": "physiotherapist", "conditions": ["COPD"], "areas": ["Fife"]},
    {"id": "P1", "text": "walking groups", "capacity": 0},
    {"id": "P0", "areas": ["Shetland Islands"], "delivery": "in_person", "colour": "red"},
]
PROGRAMMES = [
    {"id": "G2", "conditions": ["COPD"], "areas": ["NHS Fife"], "delivery": "in_person"},
    {"id": "G1", "conditions": ["COPD"], "areas": ["NHS Fife"], "delivery": "in_person"},
    {"id": "G0", "name": "Breathe", "last_checked": "2001-01-01"},
    {"id": "G9", "conditions": ["COPD"], "areas": ["Fife"], "status": "paused"},
]


@pytest.fixture
def run(tmp_path):
    def run(professionals, programmes, *options):
        paths = []
        for name, entries in (("people.jsonl", professionals), ("offers.jsonl", programmes)):
            path = tmp_path / name
            path.write_text(
                "".join(
                    each if isinstance(each, str) else json.dumps(each) + "\n" for each in entries
                )
            )
            paths.append(str(path))
        arguments = ["--professionals", paths[0], "--programmes", paths[1], *options]
        return CliRunner().invoke(match, arguments)

    return run


def suggestions(result):
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_suggestions_come_by_professional_in_file_order_then_by_rank(run):
    found = suggestions(run(PROFESSIONALS, PROGRAMMES))
    assert [(each["professional"], each["rank"], each["programme"]) for each in found] == [
        ("P2", 1, "G1"),
        ("P2", 2, "G2"),
        ("P2", 3, "G0"),
        ("P0", 1, "G0"),
    ]


def test_a_suggestion_has_the_promised_keys_and_adds_up(run):
    for each in suggestions(run(PROFESSIONALS, PROGRAMMES)):
        assert list(each) == KEYS
        probability = 1.0
        for side in ("professional", "programme"):
            points = [reason["points"] for reason in each["reasons"] if reason["side"] == side]
            total = each["base"][side] + sum(points) + each["rest"][side]
            assert total == pytest.approx(each["z"][side], abs=1e-9)
            probability /= 1 + exp(-each["z"][side])
        assert each["score"] == pytest.approx(probability, rel=1e-12)
        assert all(list(reason) == REASON_KEYS for reason in each["reasons"])
        assert each["label"] in {"strong", "good", "possible"}
        assert each["route"] in {"in_person", "online"}
        stale = ["last checked over 6 months ago"] if each["programme"] == "G0" else []
        assert each["cautions"] == stale


def test_top_cuts_each_professionals_list(run):
    found = suggestions(run(PROFESSIONALS, PROGRAMMES, "--top", "1"))
    assert [each["programme"] for each in found] == ["G1", "G0"]


def test_text_only_uses_nothing_but_text_and_status(run):
    people = [{"id": "P", "text": "chess", "conditions": ["COPD"], "capacity": 0}]
    offers = [
        {"id": "G1", "conditions": ["COPD"], "capacity": 0},
        {"id": "G2", "text": "chess"},
        {"id": "G3", "text": "chess", "status": "closed"},
    ]
    found = suggestions(run(people, offers, "--text-only"))
    assert [each["programme"] for each in found] == ["G2", "G1"]
    assert {reason["field"] for each in found for reason in each["reasons"]} == {"text"}


@pytest.mark.parametrize(
    ("professionals", "programmes", "file", "problem"),
    [
        ([{"id": "P"}, {"id": "Q", "areas": "Fife"}], [], "people", "2: areas: is not a list"),
        ([{"id": "P"}], [{"id": "G"}, "{\n"], "offers", "2: line: is not JSON"),
        ([{"id": "P"}], [{"id": "G", "status": "?"}], "offers", "1: status: is none of open"),
    ],
)
def test_a_malformed_line_stops_the_run_and_prints_nothing(
    run, tmp_path, professionals, programmes, file, problem
):
    result = run(professionals, programmes)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"{tmp_path / file}.jsonl:{problem}")


def test_empty_files_are_no_error(run):
    assert suggestions(run([], [])) == []
    assert suggestions(run([{"id": "P"}], [])) == []


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    missing = str(tmp_path / "missing.jsonl")
    result = CliRunner().invoke(match, ["--professionals", missing, "--programmes", missing])
    assert (result.exit_code, result.stdout) == (2, "")
