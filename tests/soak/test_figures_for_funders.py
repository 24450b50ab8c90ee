"""Random reports for funders under attack: nothing hidden comes out, in whatever order they are."""

from __future__ import annotations

import random

import pytest

from tests.factories import make_organisation, make_user
from tests.services.evidence.several_reports import narrow_figures, report_at_random, shown_in

pytestmark = [pytest.mark.soak, pytest.mark.one_database]


def test_no_hidden_figure_of_any_reports_can_be_worked_out(session, trial_size):
    made = hidden = 0
    for seed in range(trial_size(3, 100)):
        organisation = make_organisation(members=[make_user()])
        hidden += report_at_random(organisation, random.Random(seed))
        assert narrow_figures(organisation) == {}, f"seed {seed}"
        made += len(shown_in(organisation))
    assert hidden > 2 * made
    # Few of the four are refused.
    assert made > 3.5 * trial_size(3, 100)
