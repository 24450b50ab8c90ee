"""`matchmaker explain`: the numbers of one pair, and nothing about who the professional is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from matchmaker.cli.explain import explain
from matchmaker.models import ProgrammeStatus
from tests.factories import make_professional, make_programme, make_user

NUMBER = r"([+-]\d+\.\d{4})"


@pytest.fixture
def run(app):
    """Run `matchmaker explain` with these arguments."""

    def invoke(*arguments):
        return app.test_cli_runner().invoke(explain, [str(each) for each in arguments])

    return invoke


@pytest.fixture
def pair(writing):
    """Make a professional and a programme with these values, and return their ids."""

    def make(**programme_values):
        with writing():
            user = make_user(name="Mairi Campbell", email="mairi@example.org")
            professional = make_professional(user=user, min_age=18, employer="Victoria Hospital")
            programme = make_programme(name="Stroke café", **programme_values)
            return professional.id, programme.id

    return make


def test_numbers_of_each_side_add_up_and_make_the_score(run, pair):
    result = run(*pair(professions=["physiotherapist"], description="A stroke choir."))
    assert result.exit_code == 0, result.output
    probabilities = []
    for block in result.stdout.split("\n\n")[1:3]:
        *terms, (total,) = (re.findall(NUMBER, line) for line in block.splitlines()[1:])
        assert len(terms) >= 3
        # Every line is rounded to four places.
        assert sum(float(points) for (points,) in terms) == pytest.approx(float(total), abs=4e-4)
        probabilities.append(re.search(r"probability of a yes (0\.\d{4})", block).group(1))
    score, *factors = re.search(r"score (\S+) = (\S+) · (\S+)", result.stdout).groups()
    assert factors == probabilities
    assert float(score) == pytest.approx(float(factors[0]) * float(factors[1]), abs=2e-4)
    assert re.search(r"^label: (strong|good|possible)$", result.stdout, re.MULTILINE)
    assert re.search(r"^route: (in_person|online)$", result.stdout, re.MULTILINE)


def test_reasons_are_those_of_each_side(run, pair):
    output = run(*pair(professions=["physiotherapist"])).stdout
    professional, programme = output.split("\n\n")[1:3]
    assert "condition: You look for stroke; they work with stroke" in professional
    assert "profession: They look for a physiotherapist; you are a physiotherapist" in programme


@pytest.mark.one_database
@pytest.mark.parametrize(("days", "cautions"), [(0, 0), (3650, 1)])
def test_entry_that_nobody_has_checked_for_long_carries_a_caution(run, pair, days, cautions):
    checked = datetime.now(UTC) - timedelta(days=days)
    output = run(*pair(last_checked_at=checked)).stdout
    assert output.count("\ncaution: last checked over") == output.count("caution") == cautions


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"status": ProgrammeStatus.PAUSED}, "The programme is paused."),
        ({"places_per_month": 0}, "The programme has no places left for new introductions."),
        ({"min_age": 0, "max_age": 15}, "The ages do not meet"),
    ],
)
def test_pair_behind_a_gate_gets_its_sentence_and_no_score(run, pair, values, reason):
    result = run(*pair(**values))
    assert result.exit_code == 0
    assert f"Never suggested. {reason}" in result.stdout
    assert "score" not in result.stdout


@pytest.mark.parametrize("values", [{}, {"status": ProgrammeStatus.CLOSED}])
def test_professional_is_a_number_and_a_profession(run, pair, values):
    professional_id, programme_id = pair(**values)
    output = run(professional_id, programme_id).output
    title = (
        f"Professional {professional_id} (physiotherapist), programme {programme_id} (Stroke café)"
    )
    assert output.splitlines()[0] == title
    for private in ("Mairi", "example.org", "Victoria"):
        assert private not in output


@pytest.mark.parametrize(
    ("is_unknown", "sentence"),
    [
        ("professional", "There is no professional 2147483647."),
        ("programme", "There is no programme 2147483647."),
    ],
)
def test_number_that_nobody_has_is_said_to_be_unknown(run, pair, is_unknown, sentence):
    ids = dict(zip(("professional", "programme"), pair(), strict=True))
    result = run(*{**ids, is_unknown: 2**31 - 1}.values())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip() == sentence


@pytest.mark.parametrize("number", ["Mairi", "0", "-1", str(2**31)])
def test_what_cannot_be_a_number_of_anybody_is_wrong_usage(run, number):
    result = run("--", number, "1")
    assert (result.exit_code, result.stdout) == (2, "")
