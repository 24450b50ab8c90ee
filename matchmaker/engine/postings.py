"""An inverted index: for each column of a matrix, the rows that have something in it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from matchmaker.engine.features import Floats, Rows
from matchmaker.engine.kernels import add_lists, fastest

Shares = NDArray[np.float32]
Values = NDArray[np.floating]
Numbers = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Postings:
    """Lists of postings, one list after the other, in the order of the columns.

    Values of topics are rounded to float32: they only serve to find out which rows are worth an
    exact score.

    Attributes:
        starts: Shape (width + 1,): where the list of each column begins and ends.
        rows: Shape (n_postings,): the row of each posting, ascending within a list.
        values: Shape (n_postings,): what it has in the column.
        most: Shape (width,): the largest value in each list.
    """

    starts: NDArray[np.int64]
    rows: Rows
    values: Values
    most: Values

    @classmethod
    def of(cls, matrix: csr_array, kind: type[np.floating] = np.float32) -> "Postings":
        """Invert a matrix of values above 0."""
        columns = csc_array(matrix)
        starts, values = columns.indptr.astype(np.int64), columns.data.astype(kind)
        most = np.zeros(len(starts) - 1, dtype=kind)
        is_filled = starts[1:] > starts[:-1]
        if is_filled.any():
            # The lists that hold nothing take no room between the others.
            most[is_filled] = np.maximum.reduceat(values, starts[:-1][is_filled])
        return cls(starts, columns.indices.astype(np.int32), values, most)

    def lengths(self, columns: Numbers) -> Numbers:
        """Return how long the lists of some columns are."""
        lengths: Numbers = self.starts[columns + 1] - self.starts[columns]
        return lengths

    def rows_of(self, column: int) -> Rows:
        """Return the rows that have something in a column, ascending."""
        return self.rows[self.starts[column] : self.starts[column + 1]]

    def rows_from(self, column: int, least: float) -> Rows:
        """Return the rows that have at least so much in a column, ascending."""
        one = slice(self.starts[column], self.starts[column + 1])
        found: Rows = self.rows[one][self.values[one] >= np.float32(least)]
        return found

    def add(self, sums: Shares, columns: Rows, weights: Shares) -> None:
        """Add the lists of some columns, each times its weight, to the sums of the rows."""
        fastest().add_lists(self.starts, self.rows, self.values, columns, weights, sums)

    def add_exactly(self, sums: Floats, columns: Rows, weights: Floats) -> None:
        """Add a few lists as a product of a matrix with a vector would, to the last bit."""
        add_lists(self.starts, self.rows, self.values, columns, weights, sums)
