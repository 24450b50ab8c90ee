"""`matchmaker match` and `matchmaker evaluate`: the engine on files, without a database."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matchmaker.engine import Quality, Run, Suggestion

Contents = TypeVar("Contents")

RUN_DEPTH = 100


class WrongInput(click.ClickException):
    """A file holds something that cannot be used."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message alone, so that it begins with the file and the line."""
        click.echo(self.message, file=file, err=True)


@click.command()
@click.option("--professionals", type=click.File("rb"), required=True, metavar="FILE")
@click.option("--programmes", type=click.File("rb"), required=True, metavar="FILE")
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True)
@click.option("--text-only", is_flag=True, help="Use only the text of the profiles.")
def match(
    professionals: IO[bytes],
    programmes: IO[bytes],
    top: int,
    text_only: bool,  # noqa: FBT001 -- click passes flags by name
) -> None:
    """Suggest programmes for every professional, as JSON Lines."""
    from matchmaker import engine  # noqa: PLC0415 -- slow to import, not needed for --help
    from matchmaker.vocabulary import load_vocabulary  # noqa: PLC0415

    people = _read(professionals, engine.read_professionals)
    offers = _read(programmes, engine.read_programmes)
    snapshot = engine.fit(people, offers, vocabulary=load_vocabulary(), text_only=text_only)
    today = datetime.now(UTC).date()
    with click.progressbar(people, file=sys.stderr, hidden=not sys.stderr.isatty()) as waiting:
        for professional in waiting:
            for suggestion in snapshot.suggest(professional, top=top, today=today):
                click.echo(json.dumps(_as_json(suggestion)))


@click.command()
@click.option("--docs", type=click.File("rb"), required=True, metavar="FILE")
@click.option("--queries", type=click.File("rb"), required=True, metavar="FILE")
@click.option("--qrels", type=click.File("rb"), required=True, metavar="FILE")
@click.option(
    "--run",
    type=click.File("w", encoding="utf-8"),
    metavar="FILE",
    help="Also write the ranking in TREC run format.",
)
def evaluate(docs: IO[bytes], queries: IO[bytes], qrels: IO[bytes], run: IO[str] | None) -> None:
    """Measure how well the text field finds documents, as one JSON object."""
    from matchmaker import engine  # noqa: PLC0415 -- slow to import, not needed for --help
    from matchmaker.vocabulary import load_vocabulary  # noqa: PLC0415

    documents = _read(docs, engine.read_documents)
    questions = _read(queries, engine.read_documents)
    judgements = _read(qrels, engine.read_judgements)
    vocabulary = load_vocabulary()
    started = time.perf_counter()
    ranking = engine.rank(documents, questions, vocabulary=vocabulary)
    try:
        quality = engine.measure(ranking, judgements, model=engine.MODEL_VERSION)
    except ValueError as error:
        raise WrongInput(f"{qrels.name}: {error}") from None
    seconds = time.perf_counter() - started
    if run is not None:
        run.writelines(_run_lines(ranking))
    click.echo(json.dumps(_quality_as_json(quality, seconds)))


commands = (match, evaluate)


def _read(file: IO[bytes], reader: Callable[[Iterable[bytes]], Contents]) -> Contents:
    from matchmaker.engine import LineError  # noqa: PLC0415 -- as above

    try:
        return reader(file)
    except LineError as error:
        raise WrongInput(f"{file.name}:{error}") from None


def _as_json(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "professional": suggestion.professional,
        "programme": suggestion.programme,
        "rank": suggestion.rank,
        "score": suggestion.score,
        "label": suggestion.label,
        "route": suggestion.route,
        "base": suggestion.base._asdict(),
        "z": suggestion.z._asdict(),
        "reasons": [
            {
                "side": reason.side,
                "field": reason.field,
                "sought": reason.sought,
                "offered": reason.offered,
                "text": reason.text,
                "points": reason.points,
            }
            for reason in suggestion.reasons
        ],
        "rest": suggestion.rest._asdict(),
        "cautions": list(suggestion.cautions),
    }


def _quality_as_json(quality: Quality, seconds: float) -> dict[str, Any]:
    return {
        "queries": quality.queries,
        "ndcg@10": quality.ndcg_at_10,
        "map": quality.mean_average_precision,
        "recall@20": quality.recall_at_20,
        "p@10": quality.precision_at_10,
        "seconds": seconds,
        "model": quality.model,
    }


def _run_lines(run: Run) -> Iterable[str]:
    for query, ranking in run.items():
        for rank, (document, score) in enumerate(ranking[:RUN_DEPTH], start=1):
            yield f"{query} Q0 {document} {rank} {score!r} matchmaker\n"
