"""All profiles of one side: what they say, their ids, and the index that finds the best of them."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from matchmaker.engine.features import Features, Flags, Rows, Table, Topics
from matchmaker.engine.index import Index
from matchmaker.engine.statements import Profile, Reading


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of some profiles, in alphabetical order, in one piece.

    Attributes:
        letters: The ids one after the other, in UTF-8.
        starts: Shape (n + 1,): where each begins and ends.
        rows: Shape (n,): whose id each is.
    """

    letters: NDArray[np.uint8]
    starts: NDArray[np.int64]
    rows: Rows

    @classmethod
    def of(cls, ids: Sequence[str]) -> "Ids":
        """Put ids, given in the order of the rows, in alphabetical order."""
        rows = sorted(range(len(ids)), key=ids.__getitem__)
        # UTF-8 sorts as the characters do.
        words = [ids[row].encode() for row in rows]
        starts = np.cumsum([0, *map(len, words)])
        return cls(
            np.frombuffer(b"".join(words), dtype=np.uint8), starts, np.array(rows, dtype=np.int32)
        )

    def ranks(self) -> Rows:
        """Return, shape (n,), the place of each row in the alphabet."""
        ranks = np.empty_like(self.rows)
        ranks[self.rows] = np.arange(len(ranks), dtype=np.int32)
        return ranks

    def in_rows(self) -> list[str]:
        """Return all ids, in the order of the rows."""
        letters, starts = self.letters.tobytes(), self.starts.tolist()
        ids = [""] * len(self.rows)
        for rank, row in enumerate(self.rows.tolist()):
            ids[row] = letters[starts[rank] : starts[rank + 1]].decode()
        return ids

    def find(self, ids: Iterable[str]) -> Iterator[int]:
        """Yield the rows of those ids that are among ours."""
        for name in ids:
            wanted = name.encode()
            rank = bisect_left(range(len(self.rows)), wanted, key=self._at)
            if rank < len(self.rows) and self._at(rank) == wanted:
                yield int(self.rows[rank])

    def _at(self, rank: int) -> bytes:
        return self.letters[self.starts[rank] : self.starts[rank + 1]].tobytes()


@dataclass(frozen=True, slots=True)
class Corpus(Generic[Profile]):
    """Profiles of one side.

    Attributes:
        readings: What they say; a stored corpus reads them one by one.
        ids: Their ids.
        index: What finds the best of them.
        hidden: Shape (n,): those that are out of date and never found; None where none is.
    """

    readings: Sequence[Reading[Profile]]
    ids: Ids
    index: Index
    hidden: Flags | None = None

    @classmethod
    def of(cls, table: Table[Profile], topics: Topics) -> "Corpus[Profile]":
        """Index the profiles of a table, those who are alike side by side."""
        table = table.take(table.features.alike())
        ids = Ids.of([reading.profile.id for reading in table.readings])
        return cls(table.readings, ids, Index.of(table.features, ids.ranks(), topics))

    def __len__(self) -> int:
        """Return how many profiles there are, hidden ones included."""
        return len(self.readings)

    @property
    def features(self) -> Features:
        """The numbers of the profiles."""
        return self.index.features

    def row(self, index: int) -> Table[Profile]:
        """Return the table of one profile."""
        return Table((self.readings[index],), self.features.row(index))

    def rows_without(self, ids: Collection[str]) -> Flags | None:
        """Return, shape (n,), the rows not to be found when some ids are left out too."""
        if not ids:
            return self.hidden
        hidden = np.zeros(len(self), dtype=np.bool_) if self.hidden is None else self.hidden.copy()
        hidden[list(self.ids.find(ids))] = True
        return hidden
