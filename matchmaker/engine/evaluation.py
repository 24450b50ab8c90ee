"""How good a ranking of documents is, against the judgements of people.

The measures are those of trec_eval: nDCG with linear gains and log2 discounts (Järvelin and
Kekäläinen 2002), average precision, recall and precision. A document is relevant when its grade is
above 0; queries without a relevant document are left out.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matchmaker.engine.model import Model
from matchmaker.engine.parameters import DEFAULT, Parameters
from matchmaker.engine.statements import from_text
from matchmaker.vocabulary import Vocabulary

Ranking = Sequence[tuple[str, float]]
Run = Mapping[str, Ranking]
Judgements = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Document:
    """A document or a query."""

    id: str
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over the judged queries, each in [0, 1]."""

    queries: int
    ndcg_at_10: float
    mean_average_precision: float
    recall_at_20: float
    precision_at_10: float
    model: str


def rank(
    docs: Sequence[Document],
    queries: Sequence[Document],
    *,
    vocabulary: Vocabulary,
    parameters: Parameters = DEFAULT,
) -> Run:
    """Return for each query the documents that answer it at all, best first, ties by id.

    The ranking is that of the text field in one direction, with the statistics of the documents.
    """
    offers = [from_text(doc.title, doc.text, vocabulary) for doc in docs]
    seeks = [from_text(query.title, query.text, vocabulary) for query in queries]
    field = Model(vocabulary=vocabulary, parameters=parameters).fit(offers).text
    answers, wishes = field.offered(offers), field.sought(seeks)
    by_id = sorted(range(len(docs)), key=lambda index: docs[index].id)
    run: dict[str, Ranking] = {}
    for row, query in enumerate(queries):
        scores = answers @ wishes[row : row + 1].toarray()[0]
        ordered = scores[by_id]
        best = np.argsort(-ordered, kind="stable")[: np.count_nonzero(ordered)]
        run[query.id] = [(docs[by_id[index]].id, float(ordered[index])) for index in best]
    return run


def measure(run: Run, judgements: Judgements, *, model: str) -> Quality:
    """Return the quality of a run; raise ValueError when no query of it has a relevant document."""
    judged = [
        ([doc for doc, _ in ranking], judgements[query])
        for query, ranking in run.items()
        if any(grade > 0 for grade in judgements.get(query, {}).values())
    ]
    if not judged:
        raise ValueError("no query has a relevant document")

    def mean(values: Sequence[float]) -> float:
        return math.fsum(values) / len(values)

    return Quality(
        queries=len(judged),
        ndcg_at_10=mean([ndcg(ranking, grades, 10) for ranking, grades in judged]),
        mean_average_precision=mean([average_precision(*each) for each in judged]),
        recall_at_20=mean([recall(ranking, grades, 20) for ranking, grades in judged]),
        precision_at_10=mean([precision(ranking, grades, 10) for ranking, grades in judged]),
        model=model,
    )


def evaluate(
    docs: Sequence[Document],
    queries: Sequence[Document],
    qrels: Judgements,
    *,
    vocabulary: Vocabulary,
    parameters: Parameters = DEFAULT,
) -> Quality:
    """Return how well the text field ranks the documents for the queries."""
    run = rank(docs, queries, vocabulary=vocabulary, parameters=parameters)
    return measure(run, qrels, model=parameters.version)


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the discounted gain of the first ``depth``, as a share of the ideal ranking's."""
    gains = [max(grades.get(doc, 0), 0) for doc in ranking[:depth]]
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth]
    return _discounted(gains) / _discounted(ideal)


def average_precision(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the mean, over the relevant documents, of the precision where each is found."""
    found = 0
    precisions = []
    for position, doc in enumerate(ranking, start=1):
        if grades.get(doc, 0) > 0:
            found += 1
            precisions.append(found / position)
    return math.fsum(precisions) / _n_relevant(grades)


def recall(ranking: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the share of the relevant documents found among the first ``depth``."""
    return _n_found(ranking[:depth], grades) / _n_relevant(grades)


def precision(ranking: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Return the share of relevant documents among the first ``depth``, missing ones counted."""
    return _n_found(ranking[:depth], grades) / depth


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))


def _n_found(ranking: Sequence[str], grades: Mapping[str, int]) -> int:
    return sum(grades.get(doc, 0) > 0 for doc in ranking)


def _n_relevant(grades: Mapping[str, int]) -> int:
    return sum(grade > 0 for grade in grades.values())
