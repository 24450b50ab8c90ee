"""Lists of programmes to keep, to print and to pass on.

A list says nothing about whom it is for. Whoever has an account keeps lists in it, and the one that
was chosen or changed last is in use; without an account one list stays on the device (see
`matchmaker.web.lists.device`). Both are a `ProgrammeList` to whoever only reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from matchmaker.extensions import db
from matchmaker.models import Programme, SavedList, SavedListEntry, User
from matchmaker.services.errors import DomainError
from matchmaker.services.public_record import public_programmes

MOST_PROGRAMMES = 30
MOST_LISTS = 20
LONGEST_NAME = 60


class ListFull(DomainError):
    """A list holds as many programmes as one may."""


class TooManyLists(DomainError):
    """Somebody keeps as many lists as one may."""


@dataclass(frozen=True, slots=True)
class ProgrammeList:
    """Programmes in the order in which they were added, under a name that may be empty.

    `id` is the number of the row where it is kept in an account.
    """

    name: str = ""
    programme_ids: tuple[int, ...] = ()
    id: int | None = None

    @property
    def title(self) -> str:
        """What it is called where nobody has given it a name."""
        return self.name or _("My list")

    def with_programme(self, programme_id: int) -> ProgrammeList:
        """The list with one more at its end.

        Raises:
            ListFull: There is no room.
        """
        if programme_id in self.programme_ids:
            return self
        if len(self.programme_ids) >= MOST_PROGRAMMES:
            raise _full()
        return replace(self, programme_ids=(*self.programme_ids, programme_id))

    def without_programme(self, programme_id: int) -> ProgrammeList:
        """The list without one; the others keep their order."""
        rest = tuple(each for each in self.programme_ids if each != programme_id)
        return replace(self, programme_ids=rest)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A programme on a list; None once it is not public any more."""

    programme_id: int
    programme: Programme | None


def clean_name(text: str) -> str:
    """A name as it is kept: one line of what can be printed, and not too long."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.split())[:LONGEST_NAME].strip()


def entries_of(kept: ProgrammeList) -> list[ListEntry]:
    """What stands on the list, in its order."""
    programmes = public_programmes(kept.programme_ids)
    return [ListEntry(each, programmes.get(each)) for each in kept.programme_ids]


def find_list_in_use(user_id: int) -> ProgrammeList | None:
    """The list that the person's buttons add to, or None where they keep none."""
    rows = db.session.execute(
        select(SavedList.id, SavedList.name, SavedListEntry.programme_id)
        .outerjoin(SavedListEntry, SavedListEntry.saved_list_id == SavedList.id)
        .where(SavedList.id == _in_use(user_id).scalar_subquery())
        .order_by(SavedListEntry.id)
    ).all()
    if not rows:
        return None
    on_it = tuple(row.programme_id for row in rows if row.programme_id is not None)
    return ProgrammeList(rows[0].name, on_it, rows[0].id)


def list_lists(user: User) -> Sequence[tuple[SavedList, int]]:
    """The person's lists with how many programmes each holds, the one in use first."""
    counted = (
        select(SavedList, func.count(SavedListEntry.id))
        .outerjoin(SavedListEntry, SavedListEntry.saved_list_id == SavedList.id)
        .where(SavedList.user_id == user.id)
        .group_by(SavedList.id)
        .order_by(SavedList.updated_at.desc(), SavedList.id.desc())
    )
    return [(each, number) for each, number in db.session.execute(counted)]


def find_list(list_id: int) -> SavedList | None:
    """One list, or None."""
    return db.session.get(SavedList, list_id)


def add(programme: Programme, *, actor: User, now: datetime) -> SavedList:
    """Put a programme on the list in use, which is begun where the person has none.

    Raises:
        ListFull: There is no room.
    """
    kept = _locked_list_in_use(actor)
    if kept is None:
        kept = _begin(ProgrammeList(), actor=actor, now=now)
    if any(entry.programme_id == programme.id for entry in kept.entries):
        return kept
    if len(kept.entries) >= MOST_PROGRAMMES:
        raise _full()
    kept.entries.append(SavedListEntry(programme_id=programme.id))
    kept.updated_at = now
    db.session.flush()
    return kept


def remove(programme_id: int, *, actor: User, now: datetime) -> None:
    """Take a programme off the list in use; the others keep their order."""
    kept = _locked_list_in_use(actor)
    if kept is None:
        return
    kept.entries = [each for each in kept.entries if each.programme_id != programme_id]
    kept.updated_at = now
    db.session.flush()


def begin_list(wanted: ProgrammeList, *, actor: User, now: datetime) -> SavedList:
    """Keep a list in the account as one of its own, which is in use from now on.

    Of what it names, only what is public is kept, and no more than a list holds.

    Raises:
        TooManyLists: The person keeps as many as one may.
    """
    _lock(actor)
    number = db.session.scalar(
        select(func.count()).select_from(SavedList).where(SavedList.user_id == actor.id)
    )
    if number is not None and number >= MOST_LISTS:
        raise TooManyLists(
            _(
                "You keep %(number)s lists, which is as many as we can. Delete one first.",
                number=MOST_LISTS,
            )
        )
    return _begin(wanted, actor=actor, now=now)


def use(kept: SavedList, *, now: datetime) -> None:
    """Let the buttons add to this list from now on."""
    kept.updated_at = now
    db.session.flush()


def rename(kept: SavedList, name: str, *, now: datetime) -> None:
    """Call it something else, which also puts it in use."""
    kept.name = clean_name(name)
    kept.updated_at = now
    db.session.flush()


def delete(kept: SavedList) -> None:
    """Forget a list."""
    db.session.delete(kept)
    db.session.flush()


def _begin(wanted: ProgrammeList, *, actor: User, now: datetime) -> SavedList:
    public = public_programmes(wanted.programme_ids)
    on_it = [each for each in wanted.programme_ids if each in public][:MOST_PROGRAMMES]
    kept = SavedList(
        user_id=actor.id,
        name=clean_name(wanted.name),
        created_at=now,
        updated_at=now,
        entries=[SavedListEntry(programme_id=each) for each in on_it],
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def _in_use(user_id: int) -> Select[int]:
    return (
        select(SavedList.id)
        .where(SavedList.user_id == user_id)
        .order_by(SavedList.updated_at.desc(), SavedList.id.desc())
        .limit(1)
    )


def _lock(actor: User) -> None:
    """Let changes to one person's lists take turns, so that two presses begin one list."""
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())


def _locked_list_in_use(actor: User) -> SavedList | None:
    _lock(actor)
    list_id = db.session.scalar(_in_use(actor.id))
    if list_id is None:
        return None
    return db.session.get(SavedList, list_id, populate_existing=True)


def _full() -> ListFull:
    return ListFull(
        _(
            "A list holds %(number)s programmes at most. Take one off it first.",
            number=MOST_PROGRAMMES,
        )
    )
