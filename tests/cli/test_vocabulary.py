"""`matchmaker vocabulary check`, on the data files as shipped and on files that were broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial

import pytest
from click.testing import CliRunner

from matchmaker.cli import vocabulary as command
from matchmaker.vocabulary import Areas, find_problems, load_vocabulary
from matchmaker.vocabulary.area_files import read_tables
from matchmaker.vocabulary.loader import DATA
from tests.servers.web import ROOT

# Says on its last line which slow or forbidden things the command has imported.
RUN = """
import sys
from matchmaker.cli import main
try:
    main(["vocabulary", "check"])
finally:
    print("imported:", *sorted({"sklearn", "matchmaker.web"} & set(sys.modules)))
"""


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Put `ends` at the end of data files, run the command, and return status and lines."""

    def check(ends):
        data = shutil.copytree(DATA, tmp_path / "data")
        for name, end in ends.items():
            with (data / name).open("a", encoding="utf-8") as file:
                file.write(end)
        monkeypatch.setattr(command, "find_problems", partial(find_problems, data))
        monkeypatch.setattr(command, "load_areas", lambda: Areas(read_tables(data)))
        result = CliRunner().invoke(command.group, ["check"])
        assert result.stderr == ""
        return result.exit_code, result.stdout.splitlines()

    return check


def test_sound_files_are_counted_without_the_app_or_scikit_learn():
    vocabulary = load_vocabulary()
    result = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        f"conditions: {len(vocabulary.conditions)}",
        f"approaches: {len(vocabulary.approaches)}",
        f"professions: {len(vocabulary.professions)}",
        f"areas: {len(vocabulary.areas.current)}",
        f"superseded areas: {len(vocabulary.areas) - len(vocabulary.areas.current)}",
        f"version: {vocabulary.version}",
        "imported:",
    ]


def test_everything_wrong_is_named_with_its_file_and_entry(check):
    term = '\n[made-up]\nlabel = "{}"\ndefinition = "Made up."\nbroader = ["nowhere"]\n'
    status, lines = check(
        {
            "conditions.toml": term.format("quite made up"),
            "approaches.toml": term.format("befriending"),
            "adjacency.csv": "S12000047,Narnia,border,\n",
        }
    )
    assert status == 1
    assert "conditions.toml: [made-up]: broader 'nowhere' is not an entry" in lines
    assert "approaches.toml: [made-up]: broader 'nowhere' is not an entry" in lines
    assert any("[made-up]: 'befriending' also stands for" in line for line in lines)
    (area,) = (line for line in lines if line.startswith("adjacency.csv: row "))
    assert "'Narnia' is not known" in area
    assert not any(line.startswith("version") for line in lines)
