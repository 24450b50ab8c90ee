"""The two innermost loops of a search: in numpy, and compiled where the `speed` extra is installed.

Both ways add the same numbers in the same order, and so give the same sums to the last bit.
"""

from collections.abc import Callable
from functools import cache, partial
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Values = NDArray[np.floating]
Floats = NDArray[np.float64]
Numbers = NDArray[np.integer]


class Loops(NamedTuple):
    """The loops, each in one of its two ways.

    Attributes:
        add_lists: See `add_lists`.
        multiply_rows: See `multiply_rows`.
    """

    add_lists: Callable[[Numbers, Numbers, Values, Numbers, Values, Values], None]
    multiply_rows: Callable[[csr_array, Numbers, Floats], Floats]


def add_lists(
    starts: Numbers,
    rows: Numbers,
    values: Values,
    columns: Numbers,
    weights: Values,
    sums: Values,
) -> None:
    """Add posting lists, each times its weight, to the sums of their rows.

    Args:
        starts: Shape (width + 1,): where the list of each column begins and ends.
        rows: Shape (n_postings,): the row of each posting.
        values: Shape (n_postings,).
        columns: Shape (n_lists,): the lists to add.
        weights: Shape (n_lists,): what their values are multiplied with.
        sums: Shape (n_rows,): added to in place.
    """
    if not len(columns):
        return
    lists = [slice(starts[column], starts[column + 1]) for column in columns]
    added = np.concatenate([values[each] for each in lists])
    added *= np.repeat(weights, starts[columns + 1] - starts[columns])
    np.add.at(sums, np.concatenate([rows[each] for each in lists]), added)


def multiply_rows(matrix: csr_array, rows: Numbers, vector: Floats) -> Floats:
    """Return the product of some rows of a matrix with a vector."""
    products: Floats = matrix[rows] @ vector
    return products


def compiled() -> Loops:
    """Return the same loops as machine code; compiling takes about a second.

    Raises:
        ModuleNotFoundError: The `speed` extra is not installed.
    """
    import numba  # noqa: PLC0415 -- an extra, and slow to import

    def add(starts: Any, rows: Any, values: Any, columns: Any, weights: Any, sums: Any) -> None:
        for place in range(len(columns)):
            column, weight = columns[place], weights[place]
            for at in range(starts[column], starts[column + 1]):
                sums[rows[at]] += weight * values[at]

    def multiply(
        starts: Any, columns: Any, values: Any, rows: Any, vector: Any, products: Any
    ) -> None:
        for place in range(len(rows)):
            product = 0.0
            for at in range(starts[rows[place]], starts[rows[place] + 1]):
                product += values[at] * vector[columns[at]]
            products[place] = product

    # Mapped files are read-only arrays, which are a type of their own to numba.
    int64, int32, float32, float64 = (
        numba.types.Array(kind, 1, "C", readonly=True)
        for kind in (numba.int64, numba.int32, numba.float32, numba.float64)
    )
    sums, products = numba.float32[::1], numba.float64[::1]
    machine_code = numba.njit(numba.void(int64, int32, float32, int32, float32, sums), nogil=True)(
        add
    )
    multiply_entries = numba.njit(
        numba.void(int32, int32, float64, int64, float64, products), nogil=True
    )(multiply)

    return Loops(machine_code, partial(_multiply_rows_by, multiply_entries))


def _multiply_rows_by(multiply: Any, matrix: csr_array, rows: Numbers, vector: Floats) -> Floats:
    products = np.empty(len(rows))
    chosen = rows.astype(np.int64, copy=False)
    multiply(matrix.indptr, matrix.indices, matrix.data, chosen, vector, products)
    return products


@cache
def fastest() -> Loops:
    """Return the compiled loops where the `speed` extra is installed, and numpy's otherwise."""
    return compiled() if find_spec("numba") else Loops(add_lists, multiply_rows)


def row_products(matrix: csr_array, rows: Numbers, vector: Floats) -> Floats:
    """Return the product of some rows of a matrix with a vector, in the fastest way."""
    return fastest().multiply_rows(matrix, rows, vector)
