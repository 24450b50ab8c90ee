"""The data files of the thesauri: what is checked, what is said, and what ships."""

from pathlib import Path

import pytest

from matchmaker.vocabulary import VocabularyError, find_problems, load_vocabulary
from matchmaker.vocabulary.loader import DATA, FILES, digest, load_thesaurus

VOCABULARY = load_vocabulary()
ASTHMA = '[asthma]\nlabel = "asthma"\ndefinition = "A condition of the airways."\n'
LUNGS = '[lungs]\nlabel = "lung conditions"\ndefinition = "Conditions of the lungs."\n'


def problems(directory: Path, text: str) -> list[str]:
    for file in FILES.values():
        (directory / file).write_text("", "utf-8")
    (directory / "conditions.toml").write_text(text, "utf-8")
    return [str(problem) for problem in find_problems(directory)]


def test_the_shipped_files_have_no_problem() -> None:
    assert find_problems() == []


def test_the_shipped_thesauri_are_wide_enough() -> None:
    assert len(VOCABULARY.conditions) >= 400
    assert len(VOCABULARY.approaches) >= 30
    assert len(VOCABULARY.professions) == 15


def test_a_sound_file_has_no_problem(tmp_path: Path) -> None:
    text = LUNGS + ASTHMA + 'broader = ["lungs"]\nfalse_friends = ["asthma-free zone"]\n'
    assert problems(tmp_path, text) == []
    assert load_thesaurus("condition", tmp_path).ancestors("asthma") == {"lungs"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            ASTHMA + 'broader = ["lungs"]\n',
            "conditions.toml: [asthma]: broader 'lungs' is not an entry",
        ),
        (
            ASTHMA + "related = { lungs = 0.4 }\n",
            "conditions.toml: [asthma]: related 'lungs' is not an entry",
        ),
        (
            ASTHMA + 'broader = ["lungs"]\n' + LUNGS + 'broader = ["asthma"]\n',
            "broader goes round in a circle: asthma → lungs → asthma",
        ),
        (ASTHMA + 'broader = ["asthma"]\n', "round in a circle: asthma → asthma"),
        (
            ASTHMA + LUNGS + 'synonyms = ["Asthmas"]\n',
            "[lungs]: 'Asthmas' also stands for [asthma]",
        ),
        (
            ASTHMA + 'abbreviations = ["AST"]\n' + LUNGS + 'synonyms = ["ast"]\n',
            "also stands for [asthma]",
        ),
        (
            ASTHMA + LUNGS + 'synonyms = ["airways disease", "airway diseases"]\n',
            "[lungs]: 'airway diseases' repeats 'airways disease'",
        ),
        (
            ASTHMA + LUNGS + 'read_as = ["Asthmas"]\n',
            "[lungs]: 'Asthmas' also stands for [asthma]",
        ),
        (
            ASTHMA + 'abbreviations = ["AST"]\n' + LUNGS + 'read_as = ["AST"]\n',
            "[lungs]: 'AST' also stands for [asthma]",
        ),
        (
            ASTHMA + 'synonyms = ["airways disease"]\nread_as = ["airway diseases"]\n',
            "[asthma]: 'airway diseases' repeats 'airways disease'",
        ),
        (ASTHMA + 'read_as = ["ALL"]\n', "[asthma]: 'ALL' is an English word in capitals"),
        (ASTHMA + 'read_as = "wheeze"\n', "[asthma]: read_as is a list of texts"),
        (
            ASTHMA.replace("[asthma]", "[lung-conditions]") + LUNGS,
            "[lung-conditions]: the code reads like a wording of [lungs]",
        ),
        (
            ASTHMA + 'abbreviations = ["ALL"]\n',
            "[asthma]: 'ALL' is an English word in capitals",
        ),
        (ASTHMA + 'synonyms = ["COAD"]\n', "'COAD' is in capitals: it belongs to the abbrev"),
        (ASTHMA + 'abbreviations = ["coad"]\n', "'coad' is not one word with capitals"),
        ('[asthma]\nlabel = "asthma"\n', "[asthma]: needs a definition"),
        (ASTHMA.replace("airways.", "airways"), "the definition is a sentence and ends with"),
        (ASTHMA + 'synonym = ["wheeze"]\n', "[asthma]: unknown key 'synonym'"),
        (ASTHMA + 'synonyms = "wheeze"\n', "[asthma]: synonyms is a list of texts"),
        (ASTHMA + 'clinical = "wheeze"\n', "[asthma]: clinical is a list of texts"),
        (ASTHMA + 'clinical = ["COAD"]\n', "'COAD' is in capitals: it belongs to the abbrev"),
        (
            ASTHMA + 'synonyms = ["wheeze"]\nclinical = ["wheeze"]\n',
            "'wheeze' is clinical and also what everybody says",
        ),
        (ASTHMA + 'synonyms = ["?"]\n', "[asthma]: synonyms is a list of texts"),
        (ASTHMA.replace("[asthma]", "[Asthma]"), "a code is lower-case words"),
        (ASTHMA + 'related = ["lungs"]\n', "[asthma]: related is a table of codes with strengths"),
        (LUNGS + ASTHMA + "related = { lungs = 1.5 }\n", "strength 1.5 is not above 0"),
        (LUNGS + ASTHMA + "related = { lungs = true }\n", "the strength is a number"),
        (
            LUNGS + ASTHMA + 'broader = ["lungs"]\nrelated = { lungs = 0.5 }\n',
            "related 'lungs' is the term itself, broader or narrower",
        ),
        (
            LUNGS + "related = { asthma = 0.4 }\n" + ASTHMA + "related = { lungs = 0.5 }\n",
            "the other entry gives another strength",
        ),
        (
            ASTHMA + 'false_friends = ["hay fever"]\n',
            "false friend 'hay fever' contains no wording of the term",
        ),
        (
            LUNGS + ASTHMA + 'synonyms = ["lung asthma"]\nfalse_friends = ["lung asthma"]\n',
            "false friend 'lung asthma' is a wording of [asthma]",
        ),
        ("asthma = 3\n", "[asthma]: an entry is a table"),
        (ASTHMA + ASTHMA, "conditions.toml: file: "),
        ("[asthma\n", "conditions.toml: file: "),
    ],
)
def test_what_is_wrong_is_said_with_file_and_entry(tmp_path: Path, text: str, problem: str) -> None:
    said = problems(tmp_path, text)
    assert any(problem in sentence for sentence in said), said
    with pytest.raises(VocabularyError, match=r"conditions\.toml"):
        load_thesaurus("condition", tmp_path)


def test_a_missing_file_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    assert len(find_problems(tmp_path)) == len(FILES)


def test_the_version_changes_with_any_byte_of_the_data(tmp_path: Path) -> None:
    problems(tmp_path, ASTHMA)
    before = digest(tmp_path)
    assert before == digest(tmp_path)
    (tmp_path / "areas.csv").write_text("code\n", "utf-8")
    with_areas = digest(tmp_path)
    problems(tmp_path, LUNGS)
    assert len({before, with_areas, digest(tmp_path)}) == 3
    assert VOCABULARY.version == digest(DATA)


def test_a_file_that_is_no_data_leaves_the_version_as_it_is(tmp_path: Path) -> None:
    problems(tmp_path, ASTHMA)
    before = digest(tmp_path)
    (tmp_path / "conditions.toml~").write_text("A copy that an editor left.", "utf-8")
    assert digest(tmp_path) == before


def test_the_vocabulary_is_read_once_a_process() -> None:
    assert load_vocabulary() is VOCABULARY


@pytest.mark.parametrize("code", ["lung-conditions", "heart-conditions", "falls", "frailty"])
def test_the_terms_the_plan_names_are_there(code: str) -> None:
    assert code in VOCABULARY.conditions


@pytest.mark.parametrize(
    ("narrow", "broad"),
    [
        ("copd", "lung-conditions"),
        ("type-1-diabetes", "diabetes"),
        ("heart-failure", "heart-conditions"),
        ("back-pain", "muscle-and-joint-conditions"),
        ("vascular-dementia", "dementia"),
        ("young-carers", "caring-for-someone"),
        ("aphasia", "communication-needs"),
        ("breast-cancer", "cancer"),
        ("downs-syndrome", "learning-disability"),
        ("copd", "long-term-conditions"),
    ],
)
def test_narrow_terms_stand_below_broad_ones(narrow: str, broad: str) -> None:
    assert broad in VOCABULARY.conditions.ancestors(narrow)


@pytest.mark.parametrize(
    ("one", "other"),
    [("autism", "learning-disability"), ("child-abuse", "substance-misuse"), ("copd", "asthma")],
)
def test_different_things_do_not_stand_below_one_another(one: str, other: str) -> None:
    below = VOCABULARY.conditions.descendants
    assert one not in below(other)
    assert other not in below(one)


@pytest.mark.parametrize(
    "word",
    [
        *("handicap", "handicapped", "retardation", "spastic", "the needy", "the disabled"),
        *("sufferers", "addicts", "alcoholics", "infirm", "wheelchair-bound", "homosexual"),
        *("schizophrenic", "transsexual", "venereal", "underprivileged", "necessitous", "decrepit"),
    ],
)
def test_no_name_that_is_shown_is_unkind(word: str) -> None:
    for whole in (VOCABULARY.conditions, VOCABULARY.approaches, VOCABULARY.professions):
        for term in whole.terms.values():
            for name in term.names:
                assert f" {word} " not in f" {name} ", name


def test_no_name_that_is_shown_is_a_piece_of_a_sentence() -> None:
    loose = {"a", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "who", "with"}
    for whole in (VOCABULARY.conditions, VOCABULARY.approaches, VOCABULARY.professions):
        for term in whole.terms.values():
            for name in term.names:
                words = name.split()
                assert words[-1] not in loose, name
                assert words[0] not in loose - {"the"}, name


def test_every_definition_is_one_plain_sentence() -> None:
    for whole in (VOCABULARY.conditions, VOCABULARY.approaches, VOCABULARY.professions):
        definitions = [term.definition for term in whole.terms.values()]
        assert len(set(definitions)) == len(definitions)
        for definition in definitions:
            assert 20 <= len(definition) <= 140, definition
            assert definition[0].isupper(), definition
            assert ". " not in definition, definition
