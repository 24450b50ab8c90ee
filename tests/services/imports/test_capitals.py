"""What registers write in capitals, made readable."""

from __future__ import annotations

import pytest

from matchmaker.services.imports.capitals import readable_name, readable_text, shorten


@pytest.mark.parametrize(
    ("shouted", "readable"),
    [
        ("THE WILDLIFE TRUST FOR FIFE", "The Wildlife Trust for Fife"),
        ("RYEDALE U3A", "Ryedale U3A"),
        ("ST. MARY'S C.E. PRE-SCHOOL", "St. Mary's C.E. Pre-School"),
        ("MCMILLAN AND O'CONNOR LTD", "McMillan and O'Connor Ltd"),
        ("MEN\u2019S SHED (UK) CIO", "Men\u2019s Shed (UK) CIO"),
        ("1ST EPSOM SCOUT GROUP", "1st Epsom Scout Group"),
        ("COPD SUPPORT NHS FIFE", "COPD Support NHS Fife"),
        ("YSGOL CWM RHYL", "Ysgol Cwm Rhyl"),
        ("GRŴP Y DREF", "Grŵp y Dref"),
        ("WHAT IT IS FOR", "What It Is For"),
        ("  TWO   SPACES ", "Two Spaces"),
        ("", ""),
    ],
)
def test_name_gets_a_capital_for_each_word_that_matters(shouted, readable):
    assert readable_name(shouted) == readable


@pytest.mark.parametrize("name", ["MacAulay's of Skye", "iCan", "Fife Voluntary Action"])
def test_name_in_mixed_letters_is_left_alone(name):
    assert readable_name(name) == name


def test_small_words_of_a_titled_name_are_put_right():
    assert readable_name("The Board Of The College") == "The Board of the College"


@pytest.mark.parametrize(
    ("shouted", "readable"),
    [
        ("TO HELP PEOPLE. TO TEACH!", "To help people. To teach!"),
        ("1) TO HELP. (B) TO TEACH", "1) To help. (b) To teach"),
        ("2.1 ADULTS", "2.1 Adults"),
        ("HELP, E.G. BY TALKING", "Help, e.g. by talking"),
        ("COPD AND PARKINSON'S DISEASE", "COPD and Parkinson's disease"),
        ("PEOPLE IN FIFE AND THE UNITED KINGDOM", "People in Fife and the United Kingdom"),
        ("HIV/AIDS, AND HEARING AIDS", "HIV/AIDS, and hearing aids"),
        ("READING AND WRITING IN WELSH", "Reading and writing in Welsh"),
        ("ON THE 24TH AND/OR2 LATER", "On the 24th and/or2 later"),
        ("LINE ONE\r\n\r\n  LINE TWO", "Line one\nLine two"),
        ("", ""),
        ("123", "123"),
    ],
)
def test_text_is_put_into_sentences(shouted, readable):
    assert readable_text(shouted) == readable


def test_text_in_mixed_letters_keeps_them():
    assert readable_text("We help  people.\tBSL users too.") == "We help people. BSL users too."


def test_name_of_the_charity_keeps_its_capitals():
    text = readable_text("THE STEADY (FIFE) TRUST HELPS", names=("The Steady (Fife) Trust",))
    assert text == "The Steady (Fife) Trust helps"


def test_backslash_in_a_name_does_no_harm():
    assert readable_text("A\\1B HELPS", names=("A\\1b",)) == "A\\1b helps"


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("short", 10, "short"),
        ("One two three. Four five six", 20, "One two three. …"),
        ("one two three four five six", 20, "one two three four…"),
        ("x" * 30, 10, "x" * 9 + "…"),
    ],
)
def test_long_text_is_cut_where_it_hurts_least(text, most, short):
    assert shorten(text, most) == short
    assert len(shorten(text, most)) <= most
