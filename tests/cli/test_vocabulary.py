"""`matchmaker vocabulary check`, run on a copy of the package whose data files can be broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from matchmaker.vocabulary import load_vocabulary

PACKAGE = Path(__file__).resolve().parents[2] / "matchmaker"
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
def check(tmp_path):
    """Put `ends` at the end of data files, run the command, and return status and lines."""

    def check(ends):
        copy = shutil.copytree(PACKAGE, tmp_path / "matchmaker")
        for name, end in ends.items():
            with (copy / "vocabulary/data" / name).open("a", encoding="utf-8") as file:
                file.write(end)
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        result = subprocess.run(
            [sys.executable, "-c", RUN],
            cwd=tmp_path,
            env={**environment, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.stderr == ""
        *lines, imported = result.stdout.splitlines()
        assert imported == "imported:"
        return result.returncode, lines

    return check


def test_sound_files_are_counted_without_the_app_or_scikit_learn(check):
    vocabulary = load_vocabulary()
    status, lines = check({})
    assert status == 0
    assert lines == [
        f"conditions: {len(vocabulary.conditions)}",
        f"approaches: {len(vocabulary.approaches)}",
        f"professions: {len(vocabulary.professions)}",
        f"areas: {len(vocabulary.areas.current)}",
        f"superseded areas: {len(vocabulary.areas) - len(vocabulary.areas.current)}",
        f"version: {vocabulary.version}",
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
