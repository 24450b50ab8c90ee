"""The lock files follow pyproject.toml, carry hashes, and name no address."""

from __future__ import annotations

import json
import shutil

import pytest

from tools import locks


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A copy of the files that the check reads, to spoil."""
    for name in ("pyproject.toml", "package.json", "package-lock.json"):
        shutil.copy(locks.ROOT / name, tmp_path)
    shutil.copytree(locks.ROOT / "requirements", tmp_path / "requirements")
    for name, path in {
        "ROOT": tmp_path,
        "FOLDER": tmp_path / "requirements",
        "NODE_LOCK": tmp_path / "package-lock.json",
        "NODE_PACKAGE": tmp_path / "package.json",
    }.items():
        monkeypatch.setattr(locks, name, path)
    return tmp_path


def spoil(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_untouched_lock_files_have_no_problem(checkout):
    assert locks.problems() == []


def test_a_new_dependency_without_a_lock_is_noticed(checkout):
    spoil(checkout / "pyproject.toml", '"flask>=', '"a-new-package>=1",\n    "flask>=')
    assert "runtime.txt does not match pyproject.toml: run `make lock`." in locks.problems()


def test_a_change_of_a_group_concerns_the_groups_that_include_it(checkout):
    spoil(checkout / "pyproject.toml", '"hatchling>=', '"a-new-package>=1", "hatchling>=')
    assert locks.problems() == [
        "build.txt does not match pyproject.toml: run `make lock`.",
        "dev.txt does not match pyproject.toml: run `make lock`.",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "--index-url example.org",
        "-i example.org",
        "--find-links wheels",
        "thing @ https://example.org/thing.whl",
        "thing @ file:///somewhere/thing.whl",
    ],
)
def test_an_address_in_a_lock_file_is_noticed(checkout, line):
    path = checkout / "requirements/dev.txt"
    path.write_text(f"{path.read_text()}{line}\n")
    assert "dev.txt names an address." in locks.problems()


def test_an_address_in_the_node_lock_is_noticed(checkout):
    path = checkout / "package-lock.json"
    lock = json.loads(path.read_text())
    lock["packages"]["node_modules/sass"]["resolved"] = "https://example.org/sass.tgz"
    path.write_text(json.dumps(lock))
    assert locks.problems() == ["package-lock.json names an address."]


def test_a_package_without_a_hash_is_noticed(checkout):
    path = checkout / "requirements/runtime.txt"
    path.write_text(f"{path.read_text()}thing==1.0\n")
    assert "runtime.txt: thing==1.0 has no hash." in locks.problems()


def test_two_files_that_lock_different_versions_are_noticed(checkout):
    path = checkout / "requirements/dev.txt"
    spoil(path, "\nflask==", "\nflask==9")
    assert "dev.txt locks another flask than runtime.txt." in locks.problems()


def test_a_node_package_asked_for_but_not_locked_is_noticed(checkout):
    spoil(checkout / "package.json", '"sass": "', '"sass": "^')
    assert locks.problems() == ["package-lock.json does not match package.json: run `make lock`."]
