"""Everything that is held about a person, for that person.

Each subject has a module that says what is held. `all_parts` puts them together, `left_out` says
what is not given and why, and `gathering` fetches the rows.
"""

from matchmaker.services.personal_data.gathering import Held, Section, as_json, gather

__all__ = ["Held", "Section", "as_json", "gather"]
