import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from matchmaker.engine import kernels

N_ROWS = 5
shares = st.floats(0, 1, width=32)
numbers = st.floats(-10, 10)
posting_lists = st.lists(
    st.lists(st.tuples(st.integers(0, N_ROWS - 1), shares), max_size=6), min_size=1, max_size=4
)


@pytest.fixture(scope="module")
def compiled():
    return kernels.compiled()


@given(lists=posting_lists, data=st.data())
def test_machine_code_adds_up_to_the_last_bit_what_numpy_does(compiled, lists, data):
    columns = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=6))
    weights = data.draw(st.lists(shares, min_size=len(columns), max_size=len(columns)))
    postings = [posting for each in lists for posting in each]
    arguments = (
        np.cumsum([0, *map(len, lists)]),
        np.array([row for row, _ in postings], dtype=np.int32),
        np.array([value for _, value in postings], dtype=np.float32),
        np.array(columns, dtype=np.int32),
        np.array(weights, dtype=np.float32),
    )
    # What is compiled can be run as it is written too, for coverage sees no machine code.
    loops = (kernels.add_lists, compiled.add_lists, compiled.add_lists.py_func)
    sums = [np.zeros(N_ROWS, dtype=np.float32) for _ in loops]
    for add, result in zip(loops, sums, strict=True):
        add(*arguments, result)
    assert len({result.tobytes() for result in sums}) == 1


@given(data=st.data())
def test_machine_code_multiplies_rows_to_the_last_bit_as_scipy_does(compiled, data):
    cells = data.draw(
        st.lists(st.one_of(st.just(0.0), numbers), min_size=N_ROWS * 4, max_size=N_ROWS * 4)
    )
    vector = np.array(data.draw(st.lists(numbers, min_size=4, max_size=4)))
    rows = np.array(data.draw(st.lists(st.integers(0, N_ROWS - 1), max_size=6)), dtype=np.int32)
    matrix = csr_array(np.array(cells).reshape(N_ROWS, 4))
    expected = kernels.multiply_rows(matrix, rows, vector)
    assert compiled.multiply_rows(matrix, rows, vector).tobytes() == expected.tobytes()
    products = np.empty(len(rows))
    written = compiled.multiply_rows.args[0].py_func
    written(matrix.indptr, matrix.indices, matrix.data, rows, vector, products)
    assert products.tobytes() == expected.tobytes()


def test_numpy_is_used_where_numba_is_not_installed(monkeypatch):
    monkeypatch.setattr(kernels, "find_spec", lambda _name: None)
    assert kernels.fastest.__wrapped__() == (kernels.add_lists, kernels.multiply_rows)


def test_machine_code_is_used_where_numba_is_installed():
    assert kernels.fastest() != (kernels.add_lists, kernels.multiply_rows)
