"""The stylesheet and the templates agree on our own class names, and nothing foreign is loaded."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "static/build"
NAME = "[a-z]+(?:-[a-z]+)*"
OUR_CLASS = rf"\bmm-{NAME}(?:__{NAME})?(?:--{NAME})?"


@pytest.fixture(scope="module")
def stylesheet() -> str:
    manifest = json.loads((BUILD / "manifest.json").read_text())
    return (BUILD / manifest["matchmaker.css"]).read_text()


@pytest.fixture(scope="module")
def sources() -> list[str]:
    paths = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "matchmaker/web").rglob("*.py"),
        *(ROOT / "static/src/scripts").rglob("*.js"),
    ]
    return [path.read_text() for path in paths]


@pytest.fixture(scope="module")
def used_classes(sources) -> set[str]:
    return {name for text in sources for name in re.findall(OUR_CLASS + r"(?![\w-]|{{)", text)}


@pytest.fixture(scope="module")
def composed_beginnings(sources) -> tuple[str, ...]:
    """What stands before `{{` in `mm-card--{{ label }}`: the rest is known only when it runs."""
    return tuple({name for text in sources for name in re.findall(r"\bmm-[a-z_-]+--(?={{)", text)})


def defined_classes(stylesheet: str) -> set[str]:
    return {name.removeprefix(".") for name in re.findall(rf"\.{OUR_CLASS}", stylesheet)}


def test_every_class_of_ours_in_a_template_has_a_style(stylesheet, used_classes):
    assert used_classes - defined_classes(stylesheet) == set()


def test_every_style_of_ours_is_used_by_a_template(stylesheet, used_classes, composed_beginnings):
    unused = defined_classes(stylesheet) - used_classes
    assert {name for name in unused if not name.startswith(composed_beginnings)} == set()


def test_stylesheet_loads_no_font_and_no_picture(stylesheet):
    assert "@font-face" not in stylesheet
    assert "GDS Transport" not in stylesheet
    assert "url(" not in stylesheet


def test_every_file_of_the_manifest_is_there_under_its_hash():
    manifest = json.loads((BUILD / "manifest.json").read_text())
    assert {"matchmaker.css", "matchmaker.js", "favicon.svg"} <= manifest.keys()
    built = {path.name for path in BUILD.iterdir()} - {"manifest.json"}
    assert built == set(manifest.values())
    assert all(re.fullmatch(r".+-[0-9a-f]{10}\.\w+", name) for name in built)


def test_scripts_import_each_other_by_their_hashed_names():
    manifest = json.loads((BUILD / "manifest.json").read_text())
    imported = {
        name
        for path in BUILD.glob("*.js")
        for name in re.findall(r'import\b[^"]*"\./([^"]+\.js)"', path.read_text())
    }
    assert imported
    assert imported <= set(manifest.values())


def relative_luminance(colour: str) -> float:
    """WCAG 2.2's definition, for a colour written #rrggbb."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", ["brand", "link", "link-visited", "link-hover"])
@pytest.mark.parametrize("surface", ["#ffffff", "template-background"])
def test_our_colours_can_be_read_on_our_backgrounds(stylesheet, name, surface):
    colours = dict(re.findall(r"--govuk-([a-z-]+)-colour: ?(#[0-9a-f]{6})", stylesheet))
    light = relative_luminance(colours.get(surface, surface))
    dark = relative_luminance(colours[name])
    assert (light + 0.05) / (dark + 0.05) >= 7
