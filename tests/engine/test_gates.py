from dataclasses import replace

import pytest

from matchmaker import engine
from matchmaker.engine import Ages, Delivery, Professional, Programme, Status
from tests.engine.examples import CORNWALL, EDINBURGH, FIFE, SHETLAND, small_vocabulary

PERSON = Professional(id="P", areas=(SHETLAND,), people=Ages(18, 64))
PROGRAMME = Programme(id="G", areas=(SHETLAND,), people=Ages(60, None))


def asked(professional, programme, **options):
    snapshot = engine.fit([professional], [programme], vocabulary=small_vocabulary(), **options)
    answer = snapshot.explain(professional, programme)
    suggested = snapshot.suggest(professional) + snapshot.suggest_professionals(programme)
    assert bool(suggested) is isinstance(answer, engine.Suggestion)
    return answer


def test_nothing_stands_between_two_open_profiles_that_meet():
    assert asked(PERSON, PROGRAMME).route == "in_person"


@pytest.mark.parametrize(
    ("professional", "programme", "reason"),
    [
        ({}, {"status": Status.PAUSED}, "The programme is paused."),
        ({}, {"status": Status.CLOSED}, "The programme is closed."),
        ({}, {"capacity": 0}, "no places"),
        ({"capacity": 0}, {}, "no room"),
        ({"people": Ages(5, 11)}, {"people": Ages(12, 16)}, "people aged 5 to 11"),
        ({"delivery": Delivery.IN_PERSON}, {"areas": (CORNWALL,)}, "cannot reach each other"),
        ({"delivery": Delivery.IN_PERSON}, {"delivery": Delivery.ONLINE}, "cannot reach"),
    ],
)
def test_a_gate_refuses_the_pair_and_says_why(professional, programme, reason):
    answer = asked(replace(PERSON, **professional), replace(PROGRAMME, **programme))
    assert isinstance(answer, engine.Refusal)
    assert reason in answer.reason


def test_what_is_not_known_is_no_gate():
    answer = asked(
        Professional(id="P", delivery=Delivery.IN_PERSON, capacity=None),
        Programme(id="G", areas=(CORNWALL,), delivery=Delivery.IN_PERSON),
    )
    assert answer.route == "in_person"


def test_age_ranges_meet_at_a_shared_year():
    answer = asked(replace(PERSON, people=Ages(5, 11)), replace(PROGRAMME, people=Ages(11, 16)))
    assert isinstance(answer, engine.Suggestion)


def test_online_wins_for_the_far_away_and_in_person_for_the_near():
    person = Professional(id="P", areas=(FIFE,))
    assert asked(person, Programme(id="G", areas=(SHETLAND,))).route == "online"
    assert asked(person, Programme(id="G", areas=(EDINBURGH,))).route == "online"
    assert asked(person, Programme(id="G", areas=(FIFE,))).route == "in_person"


def test_text_only_keeps_the_gate_of_status_alone():
    person = replace(PERSON, capacity=0, delivery=Delivery.IN_PERSON)
    programme = replace(PROGRAMME, capacity=0, areas=(CORNWALL,), people=Ages(0, 3))
    assert isinstance(asked(person, programme, text_only=True), engine.Suggestion)
    closed = replace(programme, status=Status.CLOSED)
    assert asked(person, closed, text_only=True).reason == "The programme is closed."
