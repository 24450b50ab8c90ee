"""The open data as files."""

from __future__ import annotations

import json

import pytest

from matchmaker.services import open_referral
from matchmaker.services.open_referral import listing, mapping
from tests.factories import make_programme
from tests.open_data import make_full_programme, make_imported

FILES = {"services.json", "taxonomies.json", "taxonomy_terms.json"}


def exported(folder):
    """What was written, by file."""
    open_referral.export(folder, progress=lambda _step: None)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_hold_what_the_api_answers(session, tmp_path):
    programme = make_full_programme()
    make_imported(programme)
    make_programme(name="Another")
    around = open_referral.surroundings_of([programme], programme.locations)
    expected = open_referral.service(programme, around)
    files = exported(tmp_path / "new" / "folder")
    assert set(files) == FILES
    services = json.loads(files["services.json"])
    assert services["contents"][0] == expected
    assert services["contents"][1]["name"] == "Another"
    assert (services["total_items"], services["size"], services["total_pages"]) == (2, 2, 1)
    assert [source["name"] for source in services["attribution"]] == [
        *("ALISS", "Scottish Charity Register")
    ]
    terms = json.loads(files["taxonomy_terms.json"])
    assert len(terms["contents"]) == terms["total_items"] == len(open_referral.list_terms())
    assert len(json.loads(files["taxonomies.json"])["contents"]) == 4


def test_nothing_is_a_list_too(session, tmp_path):
    services = json.loads(exported(tmp_path)["services.json"])
    assert services["contents"] == []
    assert services["empty"]
    assert "attribution" not in services


def test_same_data_make_the_same_files(session, tmp_path, monkeypatch):
    for _number in range(3):
        make_programme()
    first = exported(tmp_path)
    monkeypatch.setattr(listing, "ROWS_AT_ONCE", 2)
    assert exported(tmp_path) == first


def test_fault_leaves_every_earlier_file_as_it_was(session, tmp_path, monkeypatch):
    make_programme()
    before = exported(tmp_path)
    make_programme()

    def fail(_term):
        raise OSError("the disk is full")

    monkeypatch.setattr(mapping, "taxonomy_term", fail)
    with pytest.raises(OSError, match="full"):
        exported(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
