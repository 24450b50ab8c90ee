"""The innermost loop of a search: in numpy, and compiled where the `speed` extra is installed.

Both add the same float32 numbers in the same order, and so give the same sums to the last bit.
"""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float32]
AddLists = Callable[
    [
        NDArray[np.int64],
        NDArray[np.int32],
        Shares,
        NDArray[np.int32],
        Shares,
        Shares,
    ],
    None,
]


def add_with_numpy(
    starts: NDArray[np.int64],
    rows: NDArray[np.int32],
    values: Shares,
    columns: NDArray[np.int32],
    weights: Shares,
    sums: Shares,
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


def compiled() -> AddLists:
    """Return the same as `add_with_numpy`, as machine code; compiling takes about a second.

    Raises:
        ModuleNotFoundError: The `speed` extra is not installed.
    """
    import numba  # noqa: PLC0415 -- an extra, and slow to import

    def add(starts: Any, rows: Any, values: Any, columns: Any, weights: Any, sums: Any) -> None:
        for place in range(len(columns)):
            column, weight = columns[place], weights[place]
            for at in range(starts[column], starts[column + 1]):
                sums[rows[at]] += weight * values[at]

    # Mapped files are read-only arrays, which are a type of their own to numba.
    readonly = {
        name: numba.types.Array(kind, 1, "C", readonly=True)
        for name, kind in (
            ("int64", numba.int64),
            ("int32", numba.int32),
            ("float32", numba.float32),
        )
    }
    signature = numba.void(
        readonly["int64"],
        readonly["int32"],
        readonly["float32"],
        numba.int32[::1],
        numba.float32[::1],
        numba.float32[::1],
    )
    machine_code: AddLists = numba.njit(signature, nogil=True)(add)
    return machine_code


@cache
def fastest() -> AddLists:
    """Return the compiled loop where the `speed` extra is installed, and numpy's otherwise."""
    return compiled() if find_spec("numba") else add_with_numpy
