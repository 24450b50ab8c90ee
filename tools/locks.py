"""Write the hash-locked requirement files, or check that they still say what pyproject.toml asks.

`requirements/runtime.txt` locks what the app needs, and one file for each dependency group what
that group adds to it. A package has the same version in all of them, so that they can be installed
into one environment in any order. They hold for every platform and Python from 3.11 on.
Neither they nor package-lock.json name an address: where packages come from is for each machine to
say.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
NODE_LOCK = ROOT / "package-lock.json"
NODE_PACKAGE = ROOT / "package.json"
HEADER = "# Written by `make lock` from pyproject.toml; not to be edited.\n# asked: {digest}\n"
ADDRESS = re.compile(r"\b[a-z+]+://|^\s*(-i|--(extra-)?index-url|-f|--find-links)\b", re.MULTILINE)


def main() -> int:
    """Run as a command; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on a mismatch")
    parser.add_argument("--upgrade", action="store_true", help="take the newest allowed versions")
    arguments = parser.parse_args()
    if arguments.check:
        found = problems()
        for problem in found:
            print(problem, file=sys.stderr)
        return 1 if found else 0
    write_python_locks(upgrade=arguments.upgrade)
    write_node_lock()
    return 0


def lock_files(project: dict[str, Any]) -> dict[str, Any]:
    """Return what each lock file is made from, by file name: the tables of pyproject.toml."""
    asked = project["project"]["dependencies"]
    python = project["project"]["requires-python"]
    groups = project["dependency-groups"]
    return {"runtime": [python, asked]} | {
        name: [python, asked, _expanded(groups, name)] for name in groups
    }


def _expanded(groups: dict[str, list[Any]], name: str) -> list[str]:
    wanted: list[str] = []
    for entry in groups[name]:
        wanted += [entry] if isinstance(entry, str) else _expanded(groups, entry["include-group"])
    return wanted


def write_python_locks(*, upgrade: bool) -> None:
    """Resolve and write every file of `requirements/`; each follows those before it."""
    FOLDER.mkdir(exist_ok=True)
    constraints: list[str] = []
    for name, asked in lock_files(_project()).items():
        path = FOLDER / f"{name}.txt"
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"),
            *("--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header"),
            *("--output-file", str(path.relative_to(ROOT))),
        ]
        if name != "runtime":
            command += ["--group", name, *constraints]
        if upgrade:
            command.append("--upgrade")
        subprocess.run(command, cwd=ROOT, check=True)
        text = HEADER.format(digest=_digest(asked)) + _without_header(path.read_text("utf-8"))
        path.write_text(text, encoding="utf-8")
        constraints += ["--constraint", str(path.relative_to(ROOT))]


def write_node_lock() -> None:
    """Resolve package-lock.json and take the addresses out of it."""
    command = [str(ROOT / "tools/npm"), "install", "--package-lock-only", "--ignore-scripts"]
    subprocess.run(command, cwd=ROOT, check=True)
    lock = json.loads(NODE_LOCK.read_text("utf-8"))
    for package in lock["packages"].values():
        for key in ("resolved", "funding"):
            package.pop(key, None)
    NODE_LOCK.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def problems() -> list[str]:
    """Return, in plain sentences, what is wrong with the lock files; empty when all is well."""
    found = []
    for name, asked in lock_files(_project()).items():
        path = FOLDER / f"{name}.txt"
        text = path.read_text("utf-8") if path.is_file() else ""
        if not text.startswith(HEADER.format(digest=_digest(asked))):
            found.append(f"{path.name} does not match pyproject.toml: run `make lock`.")
        if ADDRESS.search(text):
            found.append(f"{path.name} names an address.")
        found += [
            f"{path.name}: {pin} has no hash."
            for pin in re.findall(r"^([a-z\d][^\s;]*)[^\n\\]*$", text, re.MULTILINE | re.IGNORECASE)
        ]
    return found + _node_problems() + _version_problems()


def _node_problems() -> list[str]:
    text = NODE_LOCK.read_text("utf-8")
    packages = json.loads(text)["packages"]
    asked = json.loads(NODE_PACKAGE.read_text("utf-8"))
    found = []
    if any(packages[""].get(key) != asked[key] for key in ("dependencies", "devDependencies")):
        found.append("package-lock.json does not match package.json: run `make lock`.")
    if ADDRESS.search(text):
        found.append("package-lock.json names an address.")
    found += [
        f"package-lock.json: {name} has no hash."
        for name, package in packages.items()
        if name and "integrity" not in package
    ]
    return found


def _version_problems() -> list[str]:
    runtime = _pins(FOLDER / "runtime.txt")
    locked: dict[str, tuple[str, str]] = {}
    found = []
    for name in lock_files(_project()):
        pins = _pins(FOLDER / f"{name}.txt")
        found += [f"{name}.txt lacks {package}." for package in runtime if package not in pins]
        for package, version in pins.items():
            other, before = locked.setdefault(package, (name, version))
            if version != before:
                found.append(f"{name}.txt locks another {package} than {other}.txt.")
    return found


def _pins(path: Path) -> dict[str, str]:
    text = path.read_text("utf-8") if path.is_file() else ""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _digest(asked: Any) -> str:
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def _without_header(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


if __name__ == "__main__":
    sys.exit(main())
