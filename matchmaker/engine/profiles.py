"""Professionals and programmes, as people describe them.

The two dataclasses mirror the file formats of ``matchmaker match``: only ``id`` is needed, and a
missing answer is an empty tuple, an empty text or None.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

OLDEST = 100
"""An open upper age stands for this age, so that "18 and over" is a range of known size."""


class Delivery(StrEnum):
    """How somebody works with others."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    BOTH = "both"

    @property
    def is_in_person(self) -> bool:
        """Whether meeting in person is offered."""
        return self is not Delivery.ONLINE

    @property
    def is_online(self) -> bool:
        """Whether working online is offered."""
        return self is not Delivery.IN_PERSON


class Status(StrEnum):
    """Whether a programme can be introduced to anybody."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Ages:
    """An age range in whole years, both ends included; None leaves an end open."""

    min_age: int | None = None
    max_age: int | None = None

    def __post_init__(self) -> None:
        """Refuse a range that holds nobody."""
        for age in (self.min_age, self.max_age):
            if age is not None and age < 0:
                raise ValueError("an age is below 0")
        if self.min_age is not None and self.max_age is not None and self.min_age > self.max_age:
            raise ValueError(f"min_age {self.min_age} is above max_age {self.max_age}")

    @property
    def is_all(self) -> bool:
        """Whether nobody is left out, which is also what an unanswered question means."""
        return not self.min_age and (self.max_age is None or self.max_age >= OLDEST)

    @property
    def youngest(self) -> int:
        """The first age in years, at most ``OLDEST``."""
        return min(self.min_age or 0, OLDEST)

    @property
    def oldest(self) -> int:
        """The last age in years, at most ``OLDEST``."""
        return OLDEST if self.max_age is None else min(self.max_age, OLDEST)

    def __str__(self) -> str:
        """Return the range as a person says it."""
        if self.is_all:
            return "people of all ages"
        if self.max_age is None or self.max_age >= OLDEST:
            return f"people aged {self.min_age} and over"
        return f"people aged {self.min_age or 0} to {self.max_age}"


ALL_AGES = Ages()


@dataclass(frozen=True, slots=True, kw_only=True)
class Professional:
    """What one allied health professional offers and looks for.

    ``conditions``, ``approaches``, ``areas`` and ``profession`` may be codes or any wording.
    ``seeks`` is free text; blank means that they look for what they offer. ``capacity`` counts the
    introductions they have room for; None is unknown.
    """

    id: str
    profession: str = ""
    conditions: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    people: Ages = ALL_AGES
    delivery: Delivery = Delivery.BOTH
    text: str = ""
    seeks: str = ""
    capacity: int | None = None

    def text_only(self) -> "Professional":
        """Return the profile without its structured answers."""
        return Professional(id=self.id, text=self.text, seeks=self.seeks)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a programme looks for in a professional: any of the professions, and free text."""

    professions: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What one programme of an organisation offers and looks for.

    The fields are those of :class:`Professional`. ``last_checked`` is the day on which somebody
    last confirmed the entry; None is unknown.
    """

    id: str
    organisation: str = ""
    name: str = ""
    text: str = ""
    conditions: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    people: Ages = ALL_AGES
    delivery: Delivery = Delivery.BOTH
    seeks: Wanted = Wanted()
    capacity: int | None = None
    status: Status = Status.OPEN
    last_checked: date | None = None

    def text_only(self) -> "Programme":
        """Return the profile without its structured answers, but with its status."""
        return Programme(
            id=self.id,
            organisation=self.organisation,
            name=self.name,
            text=self.text,
            seeks=Wanted(text=self.seeks.text),
            status=self.status,
            last_checked=self.last_checked,
        )
