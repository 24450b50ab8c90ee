import json

import pytest
from click.testing import CliRunner

from matchmaker.cli.matching import evaluate

DOCS = [{"id": f"d{n:03}", "text": f"gardening chess {n}"} for n in range(120)]
DOCS.append({"id": "best", "title": "Gardening", "text": "gardening"})
QUERIES = [{"id": "q1", "text": "gardening"}, {"id": "q2", "text": "xylophone"}]


@pytest.fixture
def run(tmp_path):
    def run(docs=DOCS, queries=QUERIES, qrels="q1\tbest\t1\n", *options):
        for name, entries in (("docs", docs), ("queries", queries)):
            (tmp_path / name).write_text("\n".join(map(json.dumps, entries)))
        (tmp_path / "qrels").write_text(qrels)
        files = [f"--{name}={tmp_path / name}" for name in ("docs", "queries", "qrels")]
        return CliRunner().invoke(evaluate, [*files, *options])

    return run


def test_quality_is_one_object_with_the_promised_keys(run):
    result = run()
    assert result.exit_code == 0
    quality = json.loads(result.stdout)
    assert list(quality) == ["queries", "ndcg@10", "map", "recall@20", "p@10", "seconds", "model"]
    assert quality.pop("seconds") > 0
    assert quality == {
        "queries": 1,
        "ndcg@10": 1.0,
        "map": 1.0,
        "recall@20": 1.0,
        "p@10": 0.1,
        "model": "2",
    }


def test_the_run_file_holds_the_first_hundred_in_trec_format(run, tmp_path):
    path = tmp_path / "run.txt"
    run(DOCS, QUERIES, "q1\tbest\t1\n", f"--run={path}")
    rows = [line.split(" ") for line in path.read_text().splitlines()]
    assert len(rows) == 100
    assert rows[0][:4] == ["q1", "Q0", "best", "1"]
    assert [row[2] for row in rows[1:4]] == ["d000", "d001", "d002"]
    assert [int(row[3]) for row in rows] == list(range(1, 101))
    scores = [float(row[4]) for row in rows]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"docs": [{"id": "d"}, {"id": "d"}]}, "docs:2: id: d is also on line 1"),
        ({"queries": [{"text": "no id"}]}, "queries:1: id: is missing"),
        ({"qrels": "q1\tbest\t1\nq1 best\n"}, "qrels:2: line: is not three values"),
        ({"qrels": "q1\tbest\t0\n"}, "qrels: no query has a relevant document"),
    ],
)
def test_wrong_input_is_named_and_nothing_printed(run, tmp_path, changes, problem):
    result = run(**changes)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(str(tmp_path / problem))
