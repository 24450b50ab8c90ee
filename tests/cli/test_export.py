"""`matchmaker export oruk`."""

from __future__ import annotations

import json

import pytest

from tests.open_data import make_full_programme


def test_export_writes_files_and_says_so(app, writing, tmp_path):
    with writing():
        make_full_programme()
    result = app.test_cli_runner().invoke(args=["export", "oruk", str(tmp_path)])
    assert (result.exit_code, result.output) == (0, f"Services written to {tmp_path}: 1.\n")
    services = json.loads((tmp_path / "services.json").read_text("utf-8"))
    assert services["contents"][0]["name"] == "Stroke café"


@pytest.mark.one_database
def test_folder_that_cannot_be_made_is_said_in_a_line(app, tmp_path):
    (tmp_path / "file").touch()
    result = app.test_cli_runner().invoke(args=["export", "oruk", str(tmp_path / "file" / "in")])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
