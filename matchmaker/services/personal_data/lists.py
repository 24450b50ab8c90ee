"""What somebody keeps for themselves: lists of programmes, and areas whose figures they follow."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from matchmaker.models import PackSubscription, SavedList, SavedListEntry
from matchmaker.services.personal_data.part import PROGRAMME, Part

LISTS: tuple[Part, ...] = (
    Part(
        "lists",
        _l("Lists you keep"),
        SavedList,
        lambda person: SavedList.user_id == person.user_id,
        {
            "id": _l("Number of the list"),
            "name": _l("Name"),
            "created_at": _l("Begun"),
            "updated_at": _l("Last changed"),
        },
    ),
    Part(
        "list_entries",
        _l("What is on your lists"),
        SavedListEntry,
        lambda person: SavedListEntry.saved_list_id.in_(
            select(SavedList.id).where(SavedList.user_id == person.user_id)
        ),
        {"saved_list_id": _l("Number of the list"), "programme_id": PROGRAMME},
    ),
    Part(
        "packs",
        _l("Figures you are told of"),
        PackSubscription,
        lambda person: PackSubscription.user_id == person.user_id,
        {
            "area_code": _l("Area"),
            "frequency": _l("How often"),
            "created_at": _l("Since"),
            "told_of": _l("Last told of"),
        },
    ),
)
