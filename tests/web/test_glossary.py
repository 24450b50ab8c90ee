"""The glossary has every word of the vocabulary once, in order, with links that lead somewhere."""

from __future__ import annotations

import pytest

from matchmaker.vocabulary import load_vocabulary
from matchmaker.vocabulary.thesaurus import Term, Thesaurus
from matchmaker.web.glossary import by_letter, entries_of
from tests.web.markup import Markup

pytestmark = pytest.mark.one_database

VOCABULARY = load_vocabulary()


def thesaurus_of(*terms: Term) -> Thesaurus:
    return Thesaurus("condition", {term.code: term for term in terms})


def term(code: str, label: str = "", **values: object) -> Term:
    return Term(code, label or code, f"What {code} means.", **values)


@pytest.fixture
def page(client) -> Markup:
    return Markup(client.get("/glossary").text)


def test_every_term_is_there_once_approaches_first(page):
    words = [each.text for each in page.all("dt")]
    approaches = [VOCABULARY.approaches[code].label for code in VOCABULARY.approaches]
    conditions = [VOCABULARY.conditions[code].label for code in VOCABULARY.conditions]
    assert sorted(words[: len(approaches)]) == sorted(approaches)
    assert sorted(words[len(approaches) :]) == sorted(conditions)


def test_no_two_parts_of_the_page_have_the_same_name(page):
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))


def test_entry_says_what_it_means_which_other_words_there_are_and_where_it_belongs(page):
    entry = page.with_id("condition-copd")
    told = [each.text for each in page.all("dd") if entry in each.around]
    copd = VOCABULARY.conditions["copd"]
    assert told[0] == copd.definition
    assert told[1] == f"Professionals say: {'; '.join(copd.clinical)}"
    assert told[2] == f"In short: {'; '.join(copd.abbreviations)}"
    assert told[3] == "Part of: lung conditions"
    (link,) = [each for each in page.all("a") if entry in each.around and "lung" in each.text]
    assert link.attributes["href"] == "#condition-lung-conditions"


@pytest.mark.parametrize(
    ("anchor", "everybody", "professionals", "short_forms"),
    [
        ("condition-heart-attack", None, "myocardial infarction; coronary thrombosis", None),
        ("condition-transient-ischaemic-attack", "mini-stroke; warning stroke", None, "TIA"),
        ("approach-counselling", "talking therapy", "psychotherapy; psychological therapy", None),
    ],
)
def test_entry_says_who_uses_which_word(page, anchor, everybody, professionals, short_forms):
    entry = page.with_id(anchor)
    told = [each.text for each in page.all("dd") if entry in each.around]
    for start, words in (
        ("Everybody also says: ", everybody),
        ("Professionals say: ", professionals),
        ("In short: ", short_forms),
    ):
        found = [text.removeprefix(start) for text in told if text.startswith(start)]
        assert len(found) == (words is not None)
        assert not found or found[0].startswith(words)


def test_what_is_only_read_is_never_shown():
    (entry,) = entries_of(
        thesaurus_of(
            term(
                "spasticity",
                synonyms=("stiff muscles",),
                clinical=("hypertonia",),
                abbreviations=("SP",),
                read_as=("spastic", "relief of spastics", "SPX"),
            )
        )
    )
    assert entry.said_by_everybody == ("stiff muscles",)
    assert entry.said_by_professionals == ("hypertonia",)
    assert entry.short_forms == ("SP",)


@pytest.mark.parametrize(
    "words",
    ["need, hardship and", "the needy", "mental retardation", "handicapped", "BAME", "addicts"],
)
def test_page_has_no_pieces_of_sentences_and_no_unkind_words(page, words):
    shown = [each.text for each in page.all("dt") + page.all("dd")]
    assert not [text for text in shown if words in text]


def test_entries_are_in_alphabetical_order_whatever_their_case_and_accents():
    labels = ("zinc", "Ménière's disease", "menopause", "ADHD", "asthma", "Melanoma")
    entries = entries_of(thesaurus_of(*(term(label.lower(), label) for label in labels)))
    assert [entry.label for entry in entries] == [
        *("ADHD", "asthma", "Melanoma", "Ménière's disease", "menopause", "zinc")
    ]


def test_letters_have_what_begins_with_them_and_digits_are_one():
    labels = ("22q11", "5p minus", "Ångström", "asthma", "stroke")
    letters = by_letter(thesaurus_of(*(term(label.lower(), label) for label in labels)))
    assert [(each.name, [entry.label for entry in each.entries]) for each in letters] == [
        ("0–9", ["22q11", "5p minus"]),
        ("A", ["Ångström", "asthma"]),
        ("S", ["stroke"]),
    ]


def test_related_terms_are_linked_both_ways_the_nearest_first():
    thesaurus = thesaurus_of(
        term("far", related=(("middle", 0.2),)),
        term("near", related=(("middle", 0.8),)),
        term("middle"),
    )
    related = {
        entry.label: [link.label for link in entry.related] for entry in entries_of(thesaurus)
    }
    assert related == {"far": ["middle"], "near": ["middle"], "middle": ["near", "far"]}


def test_page_is_led_to_from_how_matching_works(client):
    page = Markup(client.get("/how-matching-works").text)
    links = [link for link in page.all("a", href="/glossary") if link.is_inside("main")]
    assert [link.text for link in links] == ["Look up what our words mean in the glossary"]
