from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_introduction, make_organisation, make_programme, make_user
from tests.web.world import sign_in

# What is counted is tested on both databases in `tests/services/test_evidence.py`.
pytestmark = pytest.mark.one_database


def test_members_read_choose_a_year_and_take_the_figures_away(client, writing):
    long_ago = datetime.now(UTC) - timedelta(days=800)
    with writing():
        user = make_user()
        organisation = make_organisation(name="Breathe Easy", members=[user])
        programme = make_programme(organisation=organisation, name="Singing")
        times = dict.fromkeys(("proposed_at", "answer_due_at", "state_changed_at"), long_ago)
        make_introduction(programme=programme, **times)
        address = f"/organisations/{organisation.id}/evidence"
    sign_in(client, user, writing)
    page = client.get(address)
    assert "* stands for 1 to 7" in page.text
    assert f'href="{address}"' in client.get(address.replace("evidence", "manage")).text
    of_year = client.get(address, query_string={"period": long_ago.year}).text
    assert "*</td>" in of_year
    assert "*</td>" not in page.text
    assert client.get(address, query_string={"period": "made-up"}).status_code == 200
    answer = client.get(f"{address}.csv", query_string={"period": long_ago.year})
    assert answer.mimetype == "text/csv"
    assert f"evidence-{long_ago.year}.csv" in answer.headers["Content-Disposition"]
    assert "Introductions by programme,Singing,Asked for,*" in answer.text
