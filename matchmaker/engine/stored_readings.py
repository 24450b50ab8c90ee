"""Readings as bytes and back, so that a snapshot can be served without its profiles in memory.

The words of a text are left out: they have become numbers, and nothing reads them again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, cast, overload

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.profiles import Ages, Delivery, Professional, Programme, Status, Wanted
from matchmaker.engine.statements import Profile, Reading, Spoken, Statement


@dataclass(frozen=True, slots=True)
class StoredReadings(Sequence[Reading[Profile]], Generic[Profile]):
    """Readings of one side, each decoded when it is asked for.

    Attributes:
        letters: All of them one after the other, as JSON in UTF-8.
        starts: Shape (n + 1,): where each begins and ends.
    """

    letters: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, readings: Iterable[Reading[Profile]]) -> "StoredReadings[Profile]":
        """Encode readings."""
        encoded = [_encoded(reading) for reading in readings]
        starts = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), starts)

    def __len__(self) -> int:
        """Return how many readings there are."""
        return len(self.starts) - 1

    @overload
    def __getitem__(self, row: int) -> Reading[Profile]: ...

    @overload
    def __getitem__(self, row: slice) -> Sequence[Reading[Profile]]: ...

    def __getitem__(self, row: int | slice) -> Reading[Profile] | Sequence[Reading[Profile]]:
        """Return one reading, or some."""
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        if not 0 <= row < len(self):
            raise IndexError(row)
        return cast(
            "Reading[Profile]",
            _decoded(self.letters[self.starts[row] : self.starts[row + 1]].tobytes()),
        )


def _encoded(reading: Reading[Profile]) -> bytes:
    plain = {
        "profile": _plain_profile(reading.profile),
        "offers": _plain_statement(reading.offers),
        "seeks": None if reading.seeks is reading.offers else _plain_statement(reading.seeks),
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def _decoded(encoded: bytes) -> Reading[Professional] | Reading[Programme]:
    plain = json.loads(encoded)
    offers = _statement(plain["offers"])
    seeks = offers if plain["seeks"] is None else _statement(plain["seeks"])
    if "status" in plain["profile"]:
        return Reading(_programme(plain["profile"]), offers, seeks)
    return Reading(_professional(plain["profile"]), offers, seeks)


def _plain_profile(profile: Professional | Programme) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": profile.id,
        "conditions": profile.conditions,
        "approaches": profile.approaches,
        "areas": profile.areas,
        "people": _plain_ages(profile.people),
        "delivery": profile.delivery,
        "text": profile.text,
        "capacity": profile.capacity,
    }
    if isinstance(profile, Professional):
        return plain | {"profession": profile.profession, "seeks": profile.seeks}
    checked = profile.last_checked
    return plain | {
        "organisation": profile.organisation,
        "name": profile.name,
        "seeks": [profile.seeks.professions, profile.seeks.text],
        "status": profile.status,
        "last_checked": None if checked is None else checked.isoformat(),
    }


def _common(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": plain["id"],
        "conditions": tuple(plain["conditions"]),
        "approaches": tuple(plain["approaches"]),
        "areas": tuple(plain["areas"]),
        "people": Ages(*plain["people"]),
        "delivery": Delivery(plain["delivery"]),
        "text": plain["text"],
        "capacity": plain["capacity"],
    }


def _professional(plain: Mapping[str, Any]) -> Professional:
    return Professional(**_common(plain), profession=plain["profession"], seeks=plain["seeks"])


def _programme(plain: Mapping[str, Any]) -> Programme:
    professions, text = plain["seeks"]
    checked = plain["last_checked"]
    return Programme(
        **_common(plain),
        organisation=plain["organisation"],
        name=plain["name"],
        seeks=Wanted(tuple(professions), text),
        status=Status(plain["status"]),
        last_checked=None if checked is None else date.fromisoformat(checked),
    )


def _plain_statement(statement: Statement) -> dict[str, Any]:
    return {
        "conditions": statement.conditions,
        "approaches": statement.approaches,
        "areas": statement.areas,
        "professions": statement.professions,
        "people": _plain_ages(statement.people),
        "title": statement.title,
        "body": statement.body,
        "spoken": [
            (each.field, each.code, each.words, each.in_title, each.n_words_before)
            for each in statement.spoken
        ],
    }


def _statement(plain: Mapping[str, Any]) -> Statement:
    return Statement(
        conditions=tuple(plain["conditions"]),
        approaches=tuple(plain["approaches"]),
        areas=tuple(plain["areas"]),
        professions=tuple(plain["professions"]),
        people=Ages(*plain["people"]),
        title=plain["title"],
        body=plain["body"],
        spoken=tuple(
            Spoken(field, code, tuple(words), in_title=in_title, n_words_before=before)
            for field, code, words, in_title, before in plain["spoken"]
        ),
    )


def _plain_ages(ages: Ages) -> tuple[int | None, int | None]:
    return ages.min_age, ages.max_age
