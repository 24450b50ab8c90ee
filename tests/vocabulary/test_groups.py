"""Groups of terms: what ships, and what is said of a file that is wrong."""

from pathlib import Path

import pytest

from matchmaker.vocabulary import VocabularyError, load_groups, load_vocabulary
from matchmaker.vocabulary.loader import DATA, GROUP_FILES, digest
from matchmaker.vocabulary.thesaurus import Term, Thesaurus

VOCABULARY = load_vocabulary()
BODY = Thesaurus(
    "body",
    {
        "lungs": Term("lungs", "lungs", "They breathe."),
        "asthma": Term("asthma", "asthma", "It wheezes.", broader=("lungs",)),
        "heart": Term("heart", "heart", "It beats."),
    },
)


def groups_of(folder: Path, text: str):
    path = folder / "groups.toml"
    path.write_text(text, "utf-8")
    return load_groups(path, BODY)


@pytest.mark.parametrize("code", VOCABULARY.conditions)
def test_every_condition_belongs_to_a_group(code: str) -> None:
    assert VOCABULARY.condition_groups.groups_of(code)


@pytest.mark.parametrize("code", VOCABULARY.approaches)
def test_every_approach_belongs_to_a_group(code: str) -> None:
    assert VOCABULARY.approach_groups.groups_of(code)


def test_there_are_few_enough_groups_to_take_in() -> None:
    assert 20 <= len(VOCABULARY.condition_groups) <= 28
    assert 10 <= len(VOCABULARY.approach_groups) <= 12


@pytest.mark.parametrize("groups", [VOCABULARY.condition_groups, VOCABULARY.approach_groups])
def test_no_two_groups_read_alike(groups) -> None:
    headings = [each.heading for each in groups.groups.values()]
    assert len(set(headings)) == len(headings)
    assert all(heading[0].isupper() for heading in headings)


@pytest.mark.parametrize(
    ("term", "groups"),
    [
        ("copd", {"lungs-and-breathing"}),
        ("lung-cancer", {"lungs-and-breathing", "cancer"}),
        ("stroke", {"stroke-and-brain-injury"}),
        ("parkinsons-disease", {"nervous-system"}),
        ("vascular-dementia", {"dementia-and-memory"}),
        ("fibromyalgia", {"long-term-pain"}),
        ("young-carers", {"caring", "children"}),
        ("multiple-long-term-conditions", {"genetic-rare-and-immune"}),
    ],
)
def test_a_condition_is_where_one_would_look_for_it(term: str, groups: set[str]) -> None:
    assert set(VOCABULARY.condition_groups.groups_of(term)) == groups


def test_what_is_no_term_belongs_to_no_group() -> None:
    assert VOCABULARY.condition_groups.groups_of("housemaid's knee") == ()


def test_regrouping_does_not_change_the_version_that_matching_follows(tmp_path: Path) -> None:
    for path in DATA.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for file in GROUP_FILES.values():
        (tmp_path / file).write_text("", "utf-8")
    assert digest(tmp_path) == VOCABULARY.version


def test_a_group_holds_its_roots_with_what_is_narrower_and_its_terms_by_themselves(
    tmp_path: Path,
) -> None:
    found = groups_of(
        tmp_path,
        '[chest]\nlabel = "chest"\nroots = ["lungs", "heart"]\nwithout = ["heart"]\n'
        '[rest]\nlabel = "rest"\nterms = ["lungs", "heart"]\n',
    )
    assert found["chest"].terms == {"lungs", "asthma"}
    assert found["rest"].terms == {"lungs", "heart"}
    assert found.groups_of("lungs") == ("chest", "rest")
    assert list(found) == ["chest", "rest"]
    assert "chest" in found
    assert "lungs" not in found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[all]\nroots = ["lungs", "heart"]\n', "[all]: needs a label"),
        ('[all]\nlabel = "all"\nroots = ["lung"]\n', "[all]: roots 'lung' is not a term"),
        ('[all]\nlabel = "all"\nwithout = ["x"]\n', "[all]: without 'x' is not a term"),
        ('[all]\nlabel = "all"\nterm = ["lungs"]\n', "[all]: unknown key 'term'"),
        ('[all]\nlabel = "all"\nroots = ["lungs"]\n', "file: 'heart' belongs to no group"),
        ("[all\n", "groups.toml: file: "),
    ],
)
def test_what_is_wrong_is_said_with_file_and_group(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(VocabularyError) as raised:
        groups_of(tmp_path, text)
    assert problem in str(raised.value)
