"""What is read from free text, and what must not be."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.vocabulary import Mention, Term, Thesaurus, load_vocabulary
from matchmaker.vocabulary.reading import Reader

VOCABULARY = load_vocabulary()


def conditions(text: str) -> list[str]:
    return [mention.code for mention in VOCABULARY.read(text) if mention.field == "condition"]


def approaches(text: str) -> list[str]:
    return [mention.code for mention in VOCABULARY.read(text) if mention.field == "approach"]


def test_a_mention_says_where_its_words_are() -> None:
    text = "Singing for people with COPD."
    assert VOCABULARY.read(text) == [
        Mention("approach", "arts", 0, 7, "Singing"),
        Mention("condition", "copd", 24, 28, "COPD"),
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("help with chronic back pain", ["back-pain"]),
        ("people with chronic pain", ["chronic-pain"]),
        ("type 2 diabetes", ["type-2-diabetes"]),
        ("young carers", ["young-carers"]),
        ("brain injury and brain tumours", ["acquired-brain-injury", "brain-tumours"]),
        ("childhood stroke", ["childhood-stroke"]),
        ("cancer research", ["cancer"]),
        ("Parkinson's disease dementia", ["dementia-with-lewy-bodies"]),
        ("swallowing difficulties (dysphagia)", ["dysphagia", "dysphagia"]),
    ],
)
def test_the_longest_phrase_wins(text: str, codes: list[str]) -> None:
    assert conditions(text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("tumors", ["cancer"]),
        ("pediatric oncology", ["childhood-cancer"]),
        ("self management, self-managing", []),
        ("learning\ndisabilities", ["learning-disability"]),
        ("drugs & alcohol", ["substance-misuse"]),
        ("Crohn\u2019s and Sjogren's", ["crohns-disease", "sjogrens"]),
        ("TIAs", ["transient-ischaemic-attack"]),
        ("CFS/ME", ["me-cfs"]),
        ("deaf/blind people", ["deafblindness"]),
    ],
)
def test_plurals_spellings_and_marks_are_evened_out(text: str, codes: list[str]) -> None:
    assert conditions(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "MS Word, MS Office and MS Teams",
        "heat stroke; a stroke of luck; a stroke of genius",
        "open to ALL who love the ARTS, with AIDS to hearing",
        "SAD, CAN, GO, COLD, AIMS, LORD, FACE, DON and CASTLE",
        "Ms Smith",
        "a Burns Supper for Robert Burns",
        "the Great Depression; a depressed area; economic depression",
        "which falls within the area of benefit; he falls in love; the fall of Rome",
        "Mr Parkinson and Mrs Down",
        "the Tropic of Cancer",
        "a blind date behind venetian blinds; he turned a blind eye",
        "abuse of power and of office",
        "we foster a love of learning and adopt the constitution",
        "prisoners of war",
        "parents/teachers",
        "flower pots",
        "we stress that the rules apply",
        "veteran cars and vintage and veteran aircraft",
        "Lyme Regis",
        "the national debt",
    ],
)
def test_false_friends_are_no_condition(text: str) -> None:
    assert conditions(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "the trustees may exercise any power",
        "a drop in income",
        "a group based in Leeds",
        "the rehabilitation of wildlife",
        "martial arts",
        "a walk in the park",
    ],
)
def test_false_friends_are_no_approach(text: str) -> None:
    assert approaches(text) == []


def test_a_phrase_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert conditions("We go by heart. Disease is not our field.") == []
    assert conditions("We help with learning, disability and more") == ["disability"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("heart and lung disease", ["heart-conditions", "lung-conditions"]),
        ("type 1 and type 2 diabetes", ["type-1-diabetes", "type-2-diabetes"]),
        ("hearing or sight loss", ["hearing-loss", "sight-loss"]),
        ("physical and learning disabilities", ["physical-disability", "learning-disability"]),
        (
            "breast, prostate and bowel cancer",
            ["breast-cancer", "prostate-cancer", "bowel-cancer"],
        ),
        ("dementia and heart disease", ["dementia", "heart-conditions"]),
        ("the choir and kidney disease", ["kidney-disease"]),
    ],
)
def test_an_ending_shared_by_several_words_is_read_with_each(text: str, codes: list[str]) -> None:
    assert conditions(text) == codes


def test_abbreviations_are_read_only_as_written() -> None:
    assert conditions("people with TIA, ABI or MND") == [
        "transient-ischaemic-attack",
        "acquired-brain-injury",
        "motor-neurone-disease",
    ]
    assert conditions("tia, abi or mnd") == []
    assert conditions("adhd and copd") == ["adhd", "copd"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("To relieve those in need hardship and sickness", ["poverty"]),
        ("Homes for the mentally handicapped", ["learning-disability"]),
        ("Grants to NICU wards", ["premature-birth"]),
        ("Grants to nicu wards", []),
    ],
)
def test_what_is_never_shown_is_still_read(text: str, codes: list[str]) -> None:
    assert conditions(text) == codes


def test_a_text_in_capitals_gives_words_and_only_safe_abbreviations() -> None:
    text = "TO RELIEVE PERSONS WITH COPD, DEMENTIA OR HIV AND TO TEACH IT AND MS WORD TO ALL"
    assert conditions(text) == ["copd", "dementia", "hiv"]
    assert conditions("TO ASSIST MR AND MS JONES IN THE PARISH OF ST JAMES") == []
    assert conditions("We help adults with MS, COPD, ADHD and HIV.") == [
        "multiple-sclerosis", "copd", "adhd", "hiv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "We are not able to take on people with dementia.",
        "We do not work with stroke, epilepsy or MS.",
        "We don\u2019t support people with dementia",
        "We can't currently help with autism.",
        "We no longer run stroke groups.",
        "We are no longer able to offer dementia cafés",
        "Adults only, except people with psychosis.",
        "Open to all, excluding people with epilepsy",
        "The service excludes people with dementia.",
        "We are not a stroke service.",
        "Not suitable for people with epilepsy.",
        "Stroke and epilepsy are not covered.",
        "We have no experience of autism.",
        "no dementia referrals please",
        "for adults, not autism",
        "unable to support people with addictions",
        "We never take on people with psychosis",
        "We do not take people with autism; dementia is not included.",
        "We cannot help people (of any age) with autism or stroke.",
        "adults (not stroke (or TIA), nor epilepsy)",
    ],
)
def test_what_a_text_takes_back_is_not_read(text: str) -> None:
    assert conditions(text) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("We do not work with dementia but we support carers", ["caring-for-someone"]),
        ("We no longer run stroke groups; COPD groups go on.", ["copd"]),
        ("We do not help with MS. We help with COPD.", ["copd"]),
        ("adults (not stroke) with asthma", ["asthma"]),
        ("asthma (excluding COPD) and sarcoidosis", ["asthma", "sarcoidosis"]),
        ("asthma (not COPD (bronchitis)) and sarcoidosis", ["asthma", "sarcoidosis"]),
        ("asthma (we do not help with COPD) and sarcoidosis", ["asthma", "sarcoidosis"]),
        ("No cancer referrals except breast cancer", ["breast-cancer"]),
        ("We cannot take people with autism unless they have epilepsy", ["epilepsy"]),
        ("Dementia is not covered, however stroke is.", ["stroke"]),
    ],
)
def test_a_refusal_ends_with_its_clause(text: str, codes: list[str]) -> None:
    assert conditions(text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("people who cannot work because of depression", ["depression"]),
        ("those unable to support themselves owing to epilepsy", ["epilepsy"]),
        ("a not-for-profit organisation for people with arthritis", ["arthritis"]),
        ("including but not limited to stroke", ["stroke"]),
        ("not only dementia but also stroke", ["dementia", "stroke"]),
        ("not just people with autism", ["autism"]),
        ("IN PARTICULAR BUT NOT SO AS TO LIMIT THE FOREGOING, STROKE", ["stroke"]),
        ("in particular, but not exclusively, people with autism", ["autism"]),
        ("which shall include, but not be limited to, dementia", ["dementia"]),
        ("aids which the hospital is unable to provide for autism", ["autism"]),
        ("parents who can no longer do so due to alcohol misuse", ["alcohol-problems"]),
        ("barriers that exclude people with epilepsy", ["epilepsy"]),
        ("If you cannot take part because of asthma, call us", ["asthma"]),
        ("nobody should do without help with dementia", ["dementia"]),
    ],
)
def test_what_only_looks_like_a_refusal_is_read(text: str, codes: list[str]) -> None:
    assert conditions(text) == codes


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("child abuse", "child-abuse"),
        ("elder abuse", "elder-abuse"),
        ("substance abuse", "substance-misuse"),
        ("domestic abuse", "domestic-abuse"),
        ("sexual abuse", "sexual-violence"),
    ],
)
def test_a_narrow_phrase_is_not_read_as_a_broad_one(phrase: str, code: str) -> None:
    assert conditions(phrase) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Self-management courses", "self-management"),
        ("a co-produced service", "co-production"),
        ("coproduction with people", "co-production"),
        ("moving from children's to adult services: transition to adulthood", "transition"),
        ("a befriending scheme", "befriending"),
        ("short breaks for families", "respite"),
        ("care farming and social prescribing", "nature-based"),
        ("a trauma-informed service", "trauma-informed"),
    ],
)
def test_approaches_are_read_too(text: str, code: str) -> None:
    assert code in approaches(text)


def test_a_trauma_informed_service_is_not_about_trauma() -> None:
    assert conditions("a trauma-informed service") == []


def test_both_fields_may_read_the_same_words() -> None:
    read = VOCABULARY.read("bereavement counselling")
    assert [(m.field, m.code) for m in read] == [
        ("condition", "bereavement"),
        ("approach", "counselling"),
    ]


def test_an_apostrophe_tells_the_illness_from_the_name() -> None:
    terms = {"parkinsons": Term("parkinsons", "Parkinson's", "…")}
    reader = Reader([Thesaurus("condition", terms)])
    found = [mention.words for mention in reader.read("Parkinson, Parkinson's, Parkinsons")]
    assert found == ["Parkinson's", "Parkinsons"]


@pytest.mark.parametrize(("label", "is_read"), [("HIV", False), ("ADHD", True)])
def test_a_short_label_in_capitals_is_read_only_as_written(label: str, is_read: bool) -> None:
    reader = Reader([Thesaurus("condition", {"it": Term("it", label, "…")})])
    assert [mention.words for mention in reader.read(f"people with {label}")] == [label]
    assert bool(reader.read(f"people with {label.lower()}")) is is_read


WORDS = st.sampled_from(
    [
        "stroke", "heat", "COPD", "MS", "Word", "not", "we", "do", "support", "and", "or", ",", ".",
        "lung", "heart", "disease", "type", "1", "2", "diabetes", "except", "excluding", "cannot",
        "(", ")", "falls", "in", "dementia", "is", "covered", "parkinson's", "learning", "but",
        "disability", "no", "longer", "run", "groups", "\n\n", "-", "/", "&", "é", "AIDS", "HIV",
    ]
)  # fmt: skip


@given(st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=200))
def test_mentions_are_true_quotations_in_order_and_apart(text: str) -> None:
    mentions = VOCABULARY.read(text)
    assert mentions == sorted(mentions, key=lambda m: (m.start, m.end, m.field))
    ends = {"condition": 0, "approach": 0}
    for mention in mentions:
        assert mention.words == text[mention.start : mention.end]
        assert mention.words.strip() == mention.words != ""
        assert mention.start >= ends[mention.field]
        ends[mention.field] = mention.end
        known = VOCABULARY.conditions if mention.field == "condition" else VOCABULARY.approaches
        assert mention.code in known


@pytest.mark.parametrize(
    "passage",
    [
        "We run singing groups for people with COPD, heart and lung disease. ",
        "chronic obstructive pulmonary ",
        "we do not support except excluding not a ",
        "heart, ",
        "(not ",
        "\n\n",
        "not " * 3 + "          ",
        "dementia is not covered who ",
        "no more and more ",
    ],
)
def test_a_very_long_text_is_read_in_bounded_time(passage: str) -> None:
    text = passage * (100_000 // max(1, len(passage.split())))
    started = time.process_time()
    VOCABULARY.read(text)
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    "wording",
    [
        "information, advice and guidance",
        "muscle, bone and joint conditions",
        "social, emotional and behavioural difficulties",
    ],
)
def test_a_wording_with_commas_is_read_whole(wording: str) -> None:
    assert [mention.words for mention in VOCABULARY.read(f"We help: {wording}.")] == [wording]
