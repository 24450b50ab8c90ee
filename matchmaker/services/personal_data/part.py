"""What is said of each kind of thing that is held: whose rows, which columns, in which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement

from matchmaker.extensions import Base


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data are gathered; `professional_id` is -1, which no row has, without a profile."""

    user_id: int
    professional_id: int
    email: str


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one table. `hides` names columns that this person may not see of a row."""

    key: str
    title: LazyString
    model: type[Base]
    of: Callable[[Person], ColumnElement[bool]]
    columns: Mapping[str, LazyString]
    hides: Callable[[Base], frozenset[str]] = field(default=lambda _row: frozenset())


# Words for columns of several kinds.
WHEN = _l("When")
WRITTEN = _l("Written on")
PROGRAMME = _l("Programme")
ORGANISATION = _l("Organisation")
INTRODUCTION = _l("Number of the introduction")
SIDE = _l("For which side")
KIND = _l("Kind")
