"""A wrong area table is refused by file, row and field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import matchmaker.vocabulary.areas
from matchmaker.vocabulary.area_files import read_tables
from matchmaker.vocabulary.areas import Areas
from matchmaker.vocabulary.errors import VocabularyError

SHIPPED = Path(matchmaker.vocabulary.areas.__file__).with_name("data")

AREAS = """\
code,name,kind,parents,latitude,longitude,valid_from,valid_to,aliases
K001,Isles,country_group,,,,,,
S001,North,nation,K001,56.8,-4.2,,,
S101,North Board,health_board,S001,,,,,
S201,Ayton,authority,S101,56.1,-3.1,2018-02-02,,Old Ayton
S202,Beeton,authority,S101,56.2,-3.2,,,
S203,Ceeton,authority,S101,,,,,
S200,Ayton,authority,S001,,,,2018-02-02,
"""
ADJACENCY = """\
a,b,kind,note
S201,S202,border,
S202,S203,ferry,Beeton to Ceeton
"""
SUCCESSORS = """\
code,successor,from
S200,S201,2018-02-02
"""
GROUPS = """\
name,areas,aliases
Eetons,S202 S203,
"""
RURAL = """\
code,name
S203,Ceeton
"""


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    for name, text in (
        ("areas", AREAS),
        ("adjacency", ADJACENCY),
        ("successors", SUCCESSORS),
        ("groups", GROUPS),
        ("rural", RURAL),
    ):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_right_set_of_tables_is_read(tables: Path) -> None:
    areas = Areas(read_tables(tables))
    assert areas.resolve("S200") == areas.resolve("Old Ayton") == {"S201"}
    assert areas.adjacent("S202") == {"S201", "S203"}
    assert areas.resolve("eetons") == {"S202", "S203"}
    assert [areas.is_rural(code) for code in ("S202", "S203", "S101")] == [False, True, None]


@pytest.mark.parametrize(
    ("file", "was", "becomes", "message"),
    [
        ("areas", "code,name", "code,title", "areas.csv: row 1: columns must be code, name, kind"),
        ("areas", "S203,Ceeton", "S202,Ceeton", "row 7, code: S202 stands in row 6 already"),
        ("areas", "S203,", "s 203,", "row 7, code: 's 203' is not a code"),
        ("areas", ",Ceeton,", ",,", "row 7, name: is empty"),
        ("areas", "Ceeton,", "Ceeton ,", "row 7, name: has space around it"),
        ("areas", "Ceeton,authority", "Ceeton,parish", "row 7, kind: 'parish' is none of"),
        ("areas", "Ceeton,", "Cee,ton,", "row 7: has 10 fields, not 9"),
        ("areas", "authority,S101,,", "authority,S999,,", "row 7, parents: S999 is not known"),
        ("areas", "authority,S101,,", "authority,S200,,", "row 7, parents: S200 is superseded"),
        ("areas", "authority,S101,,", "authority,K001,,", "S203 is inside 0 nations, not one"),
        ("areas", "health_board,S001", "health_board,S201", "cannot be around a health_board"),
        ("areas", "56.1,", "north,", "row 5, latitude: 'north' is not a number between 49.0"),
        ("areas", "-3.1,", "31,", "row 5, longitude: '31' is not a number between -9.0 and 2.5"),
        ("areas", "2018-02-02,,", "2018-02-30,,", "row 5, valid_from: '2018-02-30' is not a date"),
        ("areas", ",,,,2018", ",,,2018-02-02,2018", "2018-02-02 is not after valid_from"),
        ("areas", "Old Ayton", "Beeton Council", "row 6, name or aliases: 'beeton' also means"),
        ("areas", "S203,Ceeton,authority,S101,,,,,", "S203,Ceeton,authority,S101,,,,2020-01-01,",
         "adjacency.csv: row 3, b: S203 is superseded"),
        ("adjacency", "S201,S202", "S202,S201", "row 2, b: S201 must come after S202"),
        ("adjacency", "S201,S202", "S201,S201", "row 2, b: S201 must come after S201"),
        ("adjacency", "S201,S202", "S101,S202", "row 2, a: S101 is a health_board, not an auth"),
        ("adjacency", "S201,S202", "S204,S202", "row 2, a: 'S204' is not known"),
        ("adjacency", "S202,S203,", "S201,S202,", "row 3: S201 and S202 are linked twice"),
        ("adjacency", "ferry", "rope", "row 3, kind: 'rope' is none of border, bridge, ferry"),
        ("adjacency", "Beeton to Ceeton", "", "row 3, note: must name the ferry"),
        ("successors", "S200,S201", "S204,S201", "row 2, code: 'S204' is not known"),
        ("successors", "S200,S201", "S200,S204", "row 2, successor: 'S204' is not known"),
        ("successors", "S200,S201", "S200,S200", "row 2, successor: S200 had ended by 2018-02-02"),
        ("successors", "S200,S201", "S202,S201", "row 2, from: must be the day S202 ends"),
        ("successors", "2018-02-02", "2018-02-03", "row 2, from: must be the day S200 ends"),
        ("successors", "2018-02-02\n", "2018-02-02\nS200,S201,2018-02-02\n",
         "row 3, successor: S200 has S201 already"),
        ("successors", "S200,S201,2018-02-02\n", "", "row 8, valid_to: S200 has no successor"),
        ("groups", "S202 S203", "S202 S204", "row 2, areas: 'S204' is not known"),
        ("groups", "S202 S203", "S202 S200", "row 2, areas: S200 is superseded"),
        ("groups", "S202 S203", "S202", "row 2, areas: must be two different areas or more"),
        ("groups", "Eetons", "Beeton", "row 2, name or aliases: 'Beeton' means something"),
        ("rural", "S203,Ceeton", "S200,Ayton", "row 2, code: S200 is superseded"),
        ("rural", "S203,Ceeton", "S101,North Board", "row 2, code: S101 is a health_board, not"),
        ("rural", "Ceeton", "Beeton", "row 2, name: S203 is Ceeton, not 'Beeton'"),
        ("rural", "Ceeton\n", "Ceeton\nS203,Ceeton\n", "row 3, code: S203 is named twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(
    tables: Path, file: str, was: str, becomes: str, message: str
) -> None:
    table = tables / f"{file}.csv"
    text = table.read_text(encoding="utf-8")
    assert was in text
    table.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(VocabularyError) as refused:
        Areas(read_tables(tables))
    assert message in str(refused.value)
    assert ".csv: " in str(refused.value)


def test_a_missing_table_is_named(tables: Path) -> None:
    (tables / "groups.csv").unlink()
    with pytest.raises(VocabularyError, match=r"groups\.csv: file: cannot be read: No such file"):
        read_tables(tables)


def test_an_authority_lost_from_the_shipped_tables_is_noticed(tmp_path: Path) -> None:
    for table in SHIPPED.glob("*.csv"):
        shutil.copy(table, tmp_path)
    table = tmp_path / "areas.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("S12000047,")]
    assert len(kept) == len(lines) - 1
    table.write_text("".join(kept), encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"adjacency\.csv: row \d+, [ab]: 'S12000047' is not"):
        read_tables(tmp_path)
