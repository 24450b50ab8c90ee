import json
from datetime import date

import pytest

from matchmaker import engine
from matchmaker.engine import Ages, Delivery, LineError, Professional, Programme, Status, Wanted


def lines(*entries):
    return [json.dumps(entry).encode() + b"\n" for entry in entries]


def test_an_id_is_all_a_profile_needs():
    assert engine.read_professionals(lines({"id": "P1"})) == [Professional(id="P1")]
    assert engine.read_programmes(lines({"id": "G1"})) == [Programme(id="G1")]


def test_null_is_a_missing_answer_and_unknown_keys_are_ignored():
    entry = dict.fromkeys(("conditions", "people", "text", "capacity", "delivery", "seeks"))
    assert engine.read_professionals(lines({"id": "P1", "hat": 1, **entry})) == [
        Professional(id="P1")
    ]
    assert engine.read_programmes(lines({"id": "G1", "status": None, **entry})) == [
        Programme(id="G1")
    ]


def test_a_full_programme_is_read_in_full():
    entry = {
        "id": "G1",
        "organisation": "Club",
        "name": "Swim",
        "text": "pool",
        "conditions": ["copd"],
        "approaches": ["exercise"],
        "areas": ["Fife"],
        "people": {"min_age": 18},
        "delivery": "online",
        "seeks": {"professions": ["dietitian"], "text": "advice"},
        "capacity": 0,
        "status": "paused",
        "last_checked": "2026-01-31",
    }
    assert engine.read_programmes(lines(entry)) == [
        Programme(
            id="G1",
            organisation="Club",
            name="Swim",
            text="pool",
            conditions=("copd",),
            approaches=("exercise",),
            areas=("Fife",),
            people=Ages(18, None),
            delivery=Delivery.ONLINE,
            seeks=Wanted(("dietitian",), "advice"),
            capacity=0,
            status=Status.PAUSED,
            last_checked=date(2026, 1, 31),
        )
    ]


def test_blank_lines_and_a_byte_order_mark_are_passed_over_and_line_numbers_kept():
    file = [b"\xef\xbb\xbf" + lines({"id": "a"})[0], b"\r\n", *lines({"id": "b", "text": 3})]
    with pytest.raises(LineError, match=r"^3: text: is not a text$"):
        engine.read_documents(file)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{}", "1: id: is missing"),
        (b'{"id": "  "}', "1: id: is missing"),
        (b'{"id": 5}', "1: id: is not a text"),
        (b"[]", "1: line: is not a JSON object"),
        (b"{", "1: line: is not JSON: "),
        (b'{"id": NaN}', "1: line: is not JSON: NaN is no JSON value"),
        (b'{"id": "\xff"}', "1: line: is not UTF-8"),
        (b'{"id": "\\ud800"}', "1: id: holds half of a character"),
        (b'{"id": "P", "capacity": -1}', "1: capacity: is not a whole number from 0 up"),
        (b'{"id": "P", "capacity": true}', "1: capacity: is not a whole number from 0 up"),
        (b'{"id": "P", "capacity": 1.5}', "1: capacity: is not a whole number from 0 up"),
        (b'{"id": "P", "conditions": "copd"}', "1: conditions: is not a list of texts"),
        (b'{"id": "P", "conditions": [1]}', "1: conditions: is not a list of texts"),
        (b'{"id": "P", "delivery": "post"}', "1: delivery: is none of in_person, online, both"),
        (b'{"id": "P", "people": []}', "1: people: is not an object"),
        (b'{"id": "P", "people": {"min_age": "9"}}', "1: people.min_age: is not a whole number"),
        (b'{"id": "P", "people": {"min_age": 9, "max_age": 8}}', "1: people: min_age 9 is above"),
        (b"[" * 100_000, "1: line: is not JSON"),
    ],
)
def test_a_malformed_line_is_named_with_its_field(line, message):
    with pytest.raises(LineError) as caught:
        engine.read_professionals([line])
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"seeks": "advice"}, "1: seeks: is not an object"),
        ({"seeks": {"professions": "dietitian"}}, "1: seeks.professions: is not a list of texts"),
        ({"status": "shut"}, "1: status: is none of open, paused, closed"),
        ({"last_checked": "May"}, "1: last_checked: is not a day such as 2026-01-31"),
    ],
)
def test_a_malformed_programme_is_named_with_its_field(entry, message):
    with pytest.raises(LineError) as caught:
        engine.read_programmes(lines({"id": "G", **entry}))
    assert str(caught.value) == message


def test_an_id_given_twice_is_refused():
    with pytest.raises(LineError, match=r"^2: id: a is also on line 1$"):
        engine.read_documents(lines({"id": "a"}, {"id": "a"}))


def test_judgements_are_read_by_query_and_document():
    assert engine.read_judgements([b"q1\td1\t1\n", b"\n", b"q1\td2\t0\n", b"q2\td1\t2"]) == {
        "q1": {"d1": 1, "d2": 0},
        "q2": {"d1": 2},
    }


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"q1 d1 1", "2: line: is not three values with tabs between"),
        (b"\td1\t1", "2: query-id: is missing"),
        (b"q1\t \t1", "2: document-id: is missing"),
        (b"q1\td1\tgood", "2: grade: is not a whole number"),
        (b"q1\td0\t0", "2: grade: was 1 on an earlier line"),
    ],
)
def test_a_malformed_judgement_is_named_with_its_field(line, message):
    with pytest.raises(LineError) as caught:
        engine.read_judgements([b"q1\td0\t1", line])
    assert str(caught.value) == message
