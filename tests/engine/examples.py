"""A vocabulary small enough to reckon with by hand, and profiles drawn from it."""

from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from matchmaker.engine import Ages, Delivery, Professional, Programme, Status, Wanted
from matchmaker.vocabulary import Term, TermGroups, Thesaurus, Vocabulary
from matchmaker.vocabulary.areas import load_areas

EDINBURGH, FIFE, LOTHIAN_BOARD = "S12000036", "S12000047", "S08000024"
WEST_LOTHIAN, SHETLAND, CORNWALL = "S12000040", "S12000027", "E06000052"


def _thesaurus(name: str, *terms: Term) -> Thesaurus:
    return Thesaurus(name, {term.code: term for term in terms})


def _term(
    code: str,
    label: str,
    *broader: str,
    synonyms: tuple[str, ...] = (),
    abbreviations: tuple[str, ...] = (),
    related: tuple[tuple[str, float], ...] = (),
) -> Term:
    return Term(
        code=code,
        label=label,
        definition="",
        synonyms=synonyms,
        abbreviations=abbreviations,
        broader=broader,
        related=related,
    )


CONDITIONS = _thesaurus(
    "condition",
    _term("long-term", "long-term conditions"),
    _term("lung", "lung conditions", "long-term", synonyms=("respiratory conditions",)),
    _term("copd", "emphysema", "lung", abbreviations=("COPD",)),
    _term("asthma", "asthma", "lung"),
    _term("cancer", "cancer"),
    _term("lung-cancer", "lung cancer", "lung", "cancer"),
    _term("stroke", "stroke", "long-term"),
    _term("falls", "falling", related=(("frailty", 0.5), ("stroke", 0.1))),
    _term("frailty", "frailty"),
)
APPROACHES = _thesaurus(
    "approach",
    _term("exercise", "exercise"),
    _term("walking", "walking groups", "exercise"),
    _term("peer", "peer support"),
)
PROFESSIONS = _thesaurus(
    "profession",
    _term("physiotherapist", "physiotherapist"),
    _term("occupational-therapist", "occupational therapist"),
    _term("dietitian", "dietitian"),
)
AUDIENCES = _thesaurus(
    "audience",
    _term("kind", "people of one kind"),
    _term("women", "women", "kind"),
    _term("men", "men", "kind"),
    _term("veterans", "veterans"),
)


@cache
def small_vocabulary() -> Vocabulary:
    """The terms above with the shipped area tables."""
    return Vocabulary(
        conditions=CONDITIONS,
        approaches=APPROACHES,
        professions=PROFESSIONS,
        audiences=AUDIENCES,
        condition_groups=TermGroups(()),
        approach_groups=TermGroups(()),
        areas=load_areas(),
        version="small",
    )


_WORDS = (
    *("singing", "breathing", "home", "swim", "the", "garden", "cafe", "asthma", "stroke"),
    *("COPD", "lung cancer", "walking groups", "exercise", "unheardof"),
)
texts = st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join)
ages = st.tuples(st.none() | st.integers(0, 60), st.none() | st.integers(61, 110)).map(
    lambda ends: Ages(*ends)
)


def _some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


conditions = _some(*CONDITIONS, "COPD", "housemaid's knee")
areas = _some(EDINBURGH, FIFE, LOTHIAN_BOARD, SHETLAND, CORNWALL, "Scotland", "Atlantis")
capacities = st.sampled_from((None, None, 0, 3))

professionals = st.builds(
    Professional,
    id=st.just("P"),
    profession=st.sampled_from(("", "physiotherapist", "dietitian", "wizard")),
    conditions=conditions,
    approaches=_some(*APPROACHES),
    areas=areas,
    people=ages,
    delivery=st.sampled_from(Delivery),
    text=texts,
    seeks=texts,
    capacity=capacities,
)
programmes = st.builds(
    Programme,
    id=st.just("G"),
    organisation=texts,
    name=texts,
    text=texts,
    conditions=conditions,
    approaches=_some(*APPROACHES),
    areas=areas,
    people=ages,
    delivery=st.sampled_from(Delivery),
    seeks=st.builds(Wanted, _some(*PROFESSIONS, "wizard"), texts),
    capacity=capacities,
    status=st.sampled_from((Status.OPEN, Status.OPEN, Status.PAUSED, Status.CLOSED)),
)


def numbered(strategy: st.SearchStrategy, prefix: str, max_size: int = 6) -> st.SearchStrategy:
    """Lists of profiles with ids of their own."""
    return st.lists(strategy, max_size=max_size).map(
        lambda found: [replace(each, id=f"{prefix}{n}") for n, each in enumerate(found)]
    )
