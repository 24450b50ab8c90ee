"""Other people's searches, each as a small class with `fit` and `search`.

Every peer gets the same tokens: the words of a profile, its codes and the codes around them, so
that a search for a lung condition also meets a programme for COPD. The peers of vectors compare
tf-idf rows of these tokens by their cosine, the peers of text rank them by BM25. All of them answer
in one direction and know no gates. What a query needs before it can be searched for is done by
`query`, outside of what is timed.
"""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Protocol

import bm25s
import numpy as np
import tantivy
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import NearestNeighbors
from sparse_dot_topn import sp_matmul_topn

from matchmaker.engine import Professional, Programme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from matchmaker.vocabulary import Thesaurus, Vocabulary

Tokens = list[str]
_CHUNK = 64


class Tokenizer:
    """Turns profiles into tokens: what a programme offers, and what a professional looks for."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def programme(self, programme: Programme) -> Tokens:
        """Return the words and codes of a programme, with everything broader than its codes."""
        vocabulary = self.vocabulary
        words = f"{programme.organisation} {programme.name} {programme.text}".split()
        codes = [
            *_with_broader("condition", vocabulary.conditions, programme.conditions),
            *_with_broader("approach", vocabulary.approaches, programme.approaches),
            *self._with_larger(programme.areas),
            *(f"profession:{code}" for code in programme.seeks.professions),
        ]
        # One object for each token: less memory here, and quicker to index for the peers.
        return [intern(token) for token in (*words, *codes)]

    def professional(self, professional: Professional) -> Tokens:
        """Return the words and codes a professional looks for."""
        areas = self._with_larger(professional.areas)
        return [
            *(professional.seeks or professional.text).split(),
            *(f"condition:{code}" for code in professional.conditions),
            *(f"approach:{code}" for code in professional.approaches),
            *areas,
            *([f"profession:{professional.profession}"] if professional.profession else []),
        ]

    def _with_larger(self, codes: Iterable[str]) -> list[str]:
        areas = self.vocabulary.areas
        every = {code for each in codes for code in (each, *areas.within(each))}
        return [f"area:{code}" for code in sorted(every)]


def _with_broader(field: str, thesaurus: Thesaurus, codes: Iterable[str]) -> list[str]:
    every = {code for each in codes for code in (each, *thesaurus.ancestors(each))}
    return [f"{field}:{code}" for code in sorted(every)]


class Vectors:
    """tf-idf rows of unit length in float32, which all peers of vectors share."""

    def __init__(self) -> None:
        self.vectorizer = TfidfVectorizer(analyzer=_as_it_is, sublinear_tf=True, dtype=np.float32)

    def fit(self, tokens: Sequence[Tokens]) -> csr_matrix:
        """Learn the columns and return one row for each programme."""
        return csr_matrix(self.vectorizer.fit_transform(tokens))

    def rows(self, tokens: Sequence[Tokens]) -> csr_matrix:
        """Return the rows of queries."""
        return csr_matrix(self.vectorizer.transform(tokens))


class Peer(Protocol):
    """A search to compare with.

    Attributes:
        name: As the tables show it.
        of_vectors: Whether it is fitted to rows of `Vectors`, else to tokens.
        is_slow: Whether it is asked fewer questions.
    """

    name: str
    of_vectors: bool
    is_slow: bool

    def fit(self, corpus: csr_matrix | Sequence[Tokens]) -> None:
        """Prepare for searching among these programmes."""

    def query(self, asked: csr_matrix | Tokens) -> object:
        """Return a query in the form that `search` takes."""

    def search(self, query: object, top: int) -> NDArray[np.int64]:
        """Return the rows of the best programmes, best first."""


class Batching(Protocol):
    """A peer that answers many queries in one call."""

    name: str
    of_vectors: bool
    cores: int

    def batch(self, asked: csr_matrix | Sequence[Tokens], top: int) -> None:
        """Find the best programmes for every query."""


class _VectorPeer:
    of_vectors = True
    is_slow = False

    def query(self, asked: csr_matrix) -> csr_matrix:
        """Return the row."""
        return asked


class CosineSimilarity(_VectorPeer):
    """What one writes first: all cosines, then all of them sorted."""

    name = "scikit-learn cosine_similarity + argsort"
    is_slow = True
    cores = 1

    def fit(self, corpus: csr_matrix) -> None:
        """Keep the rows."""
        self.rows = corpus

    def search(self, query: csr_matrix, top: int) -> NDArray[np.int64]:
        """Sort all cosines."""
        return np.argsort(-cosine_similarity(query, self.rows)[0])[:top]

    def batch(self, asked: csr_matrix, top: int) -> None:
        """Compare chunk by chunk, and sort only the best."""
        for start in range(0, asked.shape[0], _CHUNK):
            cosines = cosine_similarity(asked[start : start + _CHUNK], self.rows)
            best = np.argpartition(-cosines, top, axis=1)[:, :top]
            np.take_along_axis(cosines, best, axis=1).argsort(axis=1)


class Neighbours(_VectorPeer):
    """scikit-learn's nearest neighbours."""

    name = "scikit-learn NearestNeighbors(brute, cosine)"
    is_slow = True

    def fit(self, corpus: csr_matrix) -> None:
        """Fit the estimator."""
        self.neighbours = NearestNeighbors(algorithm="brute", metric="cosine").fit(corpus)

    def search(self, query: csr_matrix, top: int) -> NDArray[np.int64]:
        """Ask the estimator."""
        return self.neighbours.kneighbors(query, n_neighbors=top, return_distance=False)[0]


class SparseProduct(_VectorPeer):
    """One sparse product with the columns laid out beforehand, then a partition."""

    name = "scipy q @ X.T"

    def fit(self, corpus: csr_matrix) -> None:
        """Lay out the columns."""
        self.rows = corpus
        self.columns = corpus.T.tocsr()

    def search(self, query: csr_matrix, top: int) -> NDArray[np.int64]:
        """Multiply and take the best."""
        products = query @ self.columns
        if len(products.data) <= top:
            return products.indices[np.argsort(-products.data)]
        best = np.argpartition(-products.data, top)[:top]
        return products.indices[best[np.argsort(-products.data[best])]]

    def update(self, row: csr_matrix) -> None:
        """Lay everything out again with another row."""
        vstack([self.rows[1:], row], format="csr").T.tocsr()


class SparseDotTopN(_VectorPeer):
    """The sparse product that keeps only the best of each row."""

    name = "sparse_dot_topn"
    cores = 2

    def fit(self, corpus: csr_matrix) -> None:
        """Lay out the columns."""
        self.columns = corpus.T.tocsr()

    def search(self, query: csr_matrix, top: int) -> NDArray[np.int64]:
        """Multiply one row."""
        return sp_matmul_topn(query, self.columns, top_n=top, sort=True, n_threads=1).indices

    def batch(self, asked: csr_matrix, top: int) -> None:
        """Multiply all rows, on two threads."""
        sp_matmul_topn(asked, self.columns, top_n=top, sort=True, n_threads=self.cores)


class Bm25s:
    """BM25 computed ahead, searched by compiled code."""

    name = "bm25s (numba)"
    of_vectors = False
    is_slow = False
    cores = 2

    def fit(self, corpus: Sequence[Tokens]) -> None:
        """Index the tokens."""
        self.retriever = bm25s.BM25(k1=1.2, b=0.75, backend="numba")
        self.retriever.index(corpus, show_progress=False)

    def query(self, asked: Tokens) -> list[list[int]]:
        """Return the ids of the tokens that the index knows."""
        return [self.retriever.get_tokens_ids(asked)]

    def search(self, query: list[list[int]], top: int) -> NDArray[np.int64]:
        """Retrieve for one query, on one thread."""
        return self._retrieve(query, top, n_threads=1)[0]

    def batch(self, asked: Sequence[Tokens], top: int) -> None:
        """Retrieve for all queries, on two threads."""
        ids = [self.retriever.get_tokens_ids(tokens) for tokens in asked]
        self._retrieve(ids, top, n_threads=self.cores)

    def _retrieve(
        self, asked: Sequence[Sequence[int]], top: int, n_threads: int
    ) -> NDArray[np.int64]:
        return self.retriever.retrieve(
            asked, k=top, n_threads=n_threads, show_progress=False, return_as="documents"
        )


class Tantivy:
    """The search engine library in Rust, in memory and in one segment."""

    name = "tantivy"
    of_vectors = False
    is_slow = False
    _HEAP = 1_000_000_000

    def fit(self, corpus: Sequence[Tokens]) -> None:
        """Index the tokens as text, each of them one term."""
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema)
        writer = self.index.writer(self._HEAP, num_threads=1)
        for tokens in corpus:
            writer.add_document(self._document(tokens))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def query(self, asked: Tokens) -> tantivy.Query:
        """Return any of the terms, those said more than once weighing more."""
        terms = {token: asked.count(token) for token in asked}
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term(token, n)) for token, n in terms.items()]
        )

    def search(self, query: tantivy.Query, top: int) -> NDArray[np.int64]:
        """Search; the numbers of the documents are those of the rows."""
        hits = self.searcher.search(query, limit=top, count=False).hits
        return np.array([address.doc for _, address in hits])

    def update(self, tokens: Tokens) -> None:
        """Add another document and make it visible."""
        writer = self.index.writer(50_000_000, num_threads=1)
        writer.add_document(self._document(tokens))
        writer.commit()
        self.index.reload()
        self.searcher = self.index.searcher()

    def _document(self, tokens: Tokens) -> tantivy.Document:
        document = tantivy.Document()
        document.add_text("text", " ".join(tokens))
        return document

    def _term(self, token: str, count: int) -> tantivy.Query:
        term = tantivy.Query.term_query(self.schema, "text", token, index_option="freq")
        return tantivy.Query.boost_query(term, float(count)) if count > 1 else term


PEERS: tuple[type[Peer], ...] = (
    CosineSimilarity,
    Neighbours,
    SparseDotTopN,
    SparseProduct,
    Tantivy,
    Bm25s,
)


def _as_it_is(tokens: Tokens) -> Tokens:
    return tokens
