"""What each table holds about a person and is given to them when they ask what is held.

What is left out stands in `left_out.py`. A test compares both with the tables: whoever adds a
column decides whether people get it.
"""

from __future__ import annotations

from matchmaker.services.personal_data.account import ACCOUNT, REPORTS, STEPS
from matchmaker.services.personal_data.contacts import CONTACTS
from matchmaker.services.personal_data.examples import EXAMPLES
from matchmaker.services.personal_data.help_requests import HELP_REQUESTS
from matchmaker.services.personal_data.introductions import INTRODUCTIONS
from matchmaker.services.personal_data.lists import LISTS
from matchmaker.services.personal_data.organisations import NAMED, ORGANISATIONS
from matchmaker.services.personal_data.part import Part
from matchmaker.services.personal_data.profile import PROFILE
from matchmaker.services.personal_data.suggestions import SUGGESTIONS
from matchmaker.services.personal_data.surveys import SURVEYS

# In the order in which people read them.
PARTS: tuple[Part, ...] = (
    *ACCOUNT,
    *ORGANISATIONS,
    *LISTS,
    *NAMED,
    *PROFILE,
    *INTRODUCTIONS,
    *EXAMPLES,
    *HELP_REQUESTS,
    *CONTACTS,
    *SUGGESTIONS,
    *REPORTS,
    *SURVEYS,
    *STEPS,
)
