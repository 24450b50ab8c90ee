import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.base import clone

from matchmaker.engine.learning import SaturatedCounts
from matchmaker.engine.text import spellings, stems

counts = st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=1, max_size=6).map(
    lambda rows: csr_array(np.array(rows))
)


def test_stems_leave_out_stop_words_single_signs_case_and_accents():
    assert stems("The Singers are singing, a CAFÉ") == ("singer", "sing", "cafe")
    assert stems("") == ()


def test_spellings_keep_words_as_written():
    assert list(spellings("Singing at the Café")) == [("sing", "Singing"), ("cafe", "Café")]


def test_saturation_is_bm25_divided_by_its_bound():
    matrix = csr_array(np.array([[2, 0], [1, 3]]))
    saturation = SaturatedCounts(k1=1.2, b=0.75).fit(matrix)
    shares = saturation.transform(matrix).toarray()
    average = 3.0
    expected = 3 / (3 + 1.2 * (1 - 0.75 + 0.75 * 4 / average))
    assert saturation.average_length_ == average
    assert shares[1, 1] == pytest.approx(expected)
    assert shares[0, 1] == 0


def test_rarity_is_the_never_negative_idf():
    matrix = csr_array(np.array([[1, 0], [1, 1], [1, 0]]))
    saturation = SaturatedCounts().fit(matrix)
    assert saturation.idf_ == pytest.approx([np.log(1 + 0.5 / 3.5), np.log(1 + 2.5 / 1.5)])
    assert saturation.unseen_idf_ == pytest.approx(np.log(1 + 3.5 / 0.5))


def test_the_transformer_clones_as_scikit_learn_expects():
    copy = clone(SaturatedCounts(k1=2.0, b=0.1))
    assert copy.get_params() == {"k1": 2.0, "b": 0.1}


@given(counts)
def test_shares_lie_below_one_and_keep_the_pattern_of_the_counts(matrix):
    shares = SaturatedCounts().fit(matrix).transform(matrix)
    assert shares.shape == matrix.shape
    assert np.all(shares.toarray() < 1)
    assert np.array_equal(shares.toarray() > 0, matrix.toarray() > 0)


@given(counts, st.integers(0, 2))
def test_with_the_length_fixed_a_word_said_more_often_never_counts_less(matrix, word):
    saturation = SaturatedCounts(b=0.0).fit(matrix)
    more = matrix.toarray()
    more[:, word] += 1
    before = saturation.transform(matrix).toarray()[:, word]
    after = saturation.transform(csr_array(more)).toarray()[:, word]
    assert np.all(after > before)
