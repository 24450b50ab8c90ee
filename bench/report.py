"""Write docs/benchmarks.md and its plots from bench/results.json, and from nothing else.

    python -m bench.report

Every figure of the page is taken from the results, so that the page cannot say what was not
measured. What has not been measured is left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from bench import ours, results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "benchmarks.md"
PLOTS = DOCS / "benchmarks"
LEAST_FOR_P99 = 200
"""With fewer queries the 99th percentile is hardly more than the slowest of them, and left out."""

KINDS = {
    "full": (
        "Everything answered",
        "Professionals who answered every question and wrote a paragraph.",
    ),
    "short": ("Three answers", "A profession, one condition and one area; no text."),
    "region-limited": (
        "In person only",
        "The same as the first, but they work in person only, so programmes elsewhere are out.",
    ),
}
# Okabe and Ito's colours, which people with any colour vision tell apart.
COLOURS = ("#d55e00", "#e69f00", "#009e73", "#0072b2", "#cc79a7", "#56b4e9", "#8c6d1f", "#7f7f7f")
MARKERS = "sD^vPXhd"

Sizes = dict[int, dict[str, Any]]


def main() -> None:
    """Write the page and its plots."""
    recorded = results.read()
    sizes = dict(sorted((int(size), each) for size, each in recorded.get("speed", {}).items()))
    PLOTS.mkdir(parents=True, exist_ok=True)
    parts = [INTRODUCTION]
    if sizes:
        parts += [*_speed(sizes)]
    if "directory" in recorded:
        parts += [_directory(recorded["directory"])]
    if "national year" in recorded:
        parts += [*_national_year(recorded["national year"])]
    if "quality" in recorded:
        parts += [*_quality(recorded["quality"])]
    parts += [_machines(recorded, sizes), LIMITS, AGAIN]
    PAGE.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")
    print(f"Written: {PAGE.name} and {len(list(PLOTS.glob('*.svg')))} plots.")


INTRODUCTION = """
# Benchmarks

How fast suggestions are found and how good they are, beside other people's programs on the same
machine in the same run. `make bench` measures; `python -m bench.report` writes this page from
what was measured, so nothing here is typed by hand. Ours ran with its
`speed` extra, which `make bench` installs with the peers.
"""

LIMITS = """
## What these figures do not say

- **The peers do less.** They compute one cosine, or one BM25 sum, in one direction. Ours computes
  what both sides seek of each other, on two routes (in person and online), leaves out whom a gate
  keeps apart, and is exact: the same list that scoring every programme would give. The peers are
  the usual tools for such a list, not tools for this task, so their lists differ from ours.
- **The profiles are made up.** Conditions, approaches and words follow Zipf's law with codes of the
  real vocabulary; words are made of syllables and are independent of one another and of the codes.
  Real texts are not. The order of magnitude carries over, the last digit does not.
- **Peers are used as their documentation says**, on the same tokens, with what a query needs
  computed before the clock starts: a row of a matrix, ids of tokens, or a parsed query. Only "with
  reasons" starts from a profile as a person wrote it. Somebody who knows a peer better
  may make it faster.
- **What limits ours.** Among 200,000 the time of a search is spread over bounding everybody's two
  sums, looking closer at those whom the bounds leave, place and circumstances, scoring exactly and
  reading lists; none of them is most of it. Memory is a Python process with the app for each
  worker, and mapped readings of texts, from which reasons are told.
- **Slow peers were asked fewer questions**, and where there were too few for a 99th percentile it
  is left out.
- **One machine, and not an idle one.** Compare figures of one table with each other, not with those
  of another machine.
"""

AGAIN = """
## Measure again

    make bench                      # every size; the largest takes minutes and some gigabytes
    make bench SIZES=10000          # one size
    python -m bench.directory       # pages of Find support, on both databases
    python -m bench.national_year   # a nation's figures, on both databases: 20 minutes
    python -m bench.national_year   # a nation's figures, and the pages of leads, on both databases
    python -m bench.quality FOLDER  # quality only, on a folder of collections
    python -m bench.report          # this page again

The fitted snapshots are kept in `build/bench` and fitted again when the engine or the vocabulary
changes. `bench/data`, or the folder named by `MATCHMAKER_DATA`, holds the collections for quality:
folders with `docs.jsonl`, `queries.jsonl` and `qrels.tsv`.
"""


def _speed(sizes: Sizes) -> Iterator[str]:
    """Yield the parts about speed."""
    largest = sizes[max(sizes)]
    subjects = {name for each in sizes.values() for row in each["latency"].values() for name in row}
    per_professional = largest["programmes"] // largest["professionals"]
    n_queries = largest["latency"]["full"][ours.NAME]["queries"]
    terms = _listed(
        f"{value:.0f} ({KINDS[kind][0].lower()})"
        for kind, value in largest["terms a query"].items()
    )
    yield f"""
## One search

The best {largest["top"]} programmes for one professional. Milliseconds; p50 is the median, and one
search in twenty took longer than p95, one in a hundred longer than p99. The profiles are made up by
`bench/corpus.py` from seed {largest["seed"]}, one professional for every {per_professional:,}
programmes. On average a programme has {largest["columns a programme"]:.0f} different tokens, words
and codes together, and a query {terms}. Ours was asked {n_queries} different queries of each kind.
"""
    for kind, (title, description) in KINDS.items():
        curves = {
            name: {
                size: each["latency"][kind][name]
                for size, each in sizes.items()
                if name in each["latency"][kind]
            }
            for name in sorted(subjects, key=lambda name: _last(sizes, kind, name))
        }
        plot = f"latency-{kind}"
        at_largest = _listed(
            f"{name} {_figure(rows[max(rows)]['p50'])}" for name, rows in curves.items()
        )
        alt = (
            f"Median milliseconds of one search against the number of programmes, on logarithmic "
            f"axes. Among {max(sizes):,}: {at_largest}."
        )
        _draw(
            plot,
            {
                name: {size: row["p50"] for size, row in rows.items()}
                for name, rows in curves.items()
            },
            title=f"{title}: median time of one search",
            unit="ms",
            alt=alt,
        )
        yield f"### {title}\n\n{description} {_in_words(curves, max(sizes))}"
        yield f"![{alt}](benchmarks/{plot}.svg)"
        yield _latency_table(curves, sizes)
    yield from _batches(sizes)
    yield _fits(sizes)
    yield _updates(sizes)
    yield from _processes(sizes)


def _last(sizes: Sizes, kind: str, name: str) -> float:
    """Return the median at the largest size, which the tables are sorted by."""
    return sizes[max(sizes)]["latency"][kind].get(name, {"p50": float("inf")})["p50"]


def _in_words(curves: Mapping[str, Mapping[int, Mapping[str, float]]], size: int) -> str:
    """Return a sentence with how many times as long as ours each peer takes."""
    if ours.NAME not in curves or size not in curves[ours.NAME]:
        return ""
    own = curves[ours.NAME][size]["p50"]
    ratios = [
        f"{name} {_figure(rows[size]['p50'] / own)}"
        for name, rows in curves.items()
        if name not in {ours.NAME, ours.WITH_REASONS} and size in rows
    ]
    return (
        f"Among {size:,} programmes the median search takes {_figure(own)} ms. "
        f"The medians of the peers, as multiples of that: {_listed(ratios)}."
    )


def _latency_table(
    curves: Mapping[str, Mapping[int, Mapping[str, float]]], sizes: Iterable[int]
) -> str:
    header = ["p50 / p95 / p99, ms", *(f"{size:,}" for size in sizes)]
    return _table(
        header,
        [
            [_bold(name), *(_quantiles(rows[size]) if size in rows else "" for size in sizes)]
            for name, rows in curves.items()
        ],
    )


def _quantiles(row: Mapping[str, float]) -> str:
    names = ("p50", "p95", "p99") if row["queries"] >= LEAST_FOR_P99 else ("p50", "p95")
    return " / ".join([*(_figure(row[name]) for name in names), *["-"] * (3 - len(names))])


def _batches(sizes: Sizes) -> Iterator[str]:
    curves = _by_name(sizes, "batch", lambda row: row["rows a second"])
    curves = dict(sorted(curves.items(), key=lambda each: -each[1][max(each[1])]))
    cores = {name: row["cores"] for each in sizes.values() for name, row in each["batch"].items()}
    alt = (
        f"Rows a second against the number of programmes, on logarithmic axes. Among "
        f"{max(sizes):,}: {_listed(_at_largest(curves))}."
    )
    top = sizes[max(sizes)]["top of batch"]
    title = f"The best {top} for many professionals"
    _draw("batch", curves, title=title, unit="rows a second", alt=alt)
    yield (
        f"## Many at once\n\nThe best {top} programmes for professionals who answered everything, "
        "as the nightly matching needs them. Rows a second, a row being one professional; ours in "
        "processes, the peers in threads, where they can use more than one core."
    )
    yield f"![{alt}](benchmarks/batch.svg)"
    yield _table(
        ["rows a second", "cores", *(f"{size:,}" for size in sizes)],
        [
            [_bold(name), str(cores[name]), *_across(rows, sizes, lambda value: f"{value:,.0f}")]
            for name, rows in curves.items()
        ],
    )


def _fits(sizes: Sizes) -> str:
    curves = _by_name(sizes, "fit", lambda row: row["seconds"])
    largest = sizes[max(sizes)]
    own = largest["fit"].get(ours.NAME, {})
    more = ""
    if "saved MB" in own:
        more = (
            f" Among {max(sizes):,} programmes and {largest['professionals']:,} professionals ours "
            f"held {own['peak MB']:,.0f} MB at most while fitting, and the saved snapshot has "
            f"{own['saved MB']:,.0f} MB."
        )
    return (
        "## Fitting\n\nSeconds from profiles to something that can be searched. Ours reads the "
        "free text of programmes and professionals with the vocabulary and learns from both; the "
        "peers start from tokens of the programmes, and those of vectors include the making of "
        f"tf-idf rows.{more}\n\n"
    ) + _table(
        ["seconds", *(f"{size:,}" for size in sizes)],
        [[_bold(name), *_across(rows, sizes, _figure)] for name, rows in curves.items()],
    )


def _updates(sizes: Sizes) -> str:
    curves = _by_name(sizes, "update", lambda row: row["p50"])
    return (
        "## One changed programme\n\nMilliseconds, the median. tantivy commits and reloads; with "
        "scipy all columns are laid out again; the other peers offer nothing but a new fit.\n\n"
    ) + _table(
        ["ms", *(f"{size:,}" for size in sizes)],
        [[_bold(name), *_across(rows, sizes, _figure)] for name, rows in curves.items()],
    )


def _processes(sizes: Sizes) -> Iterator[str]:
    yield (
        "## Several processes\n\nWorkers forked from one process, each of which then searched. "
        "Memory is the proportional set size (PSS) of the workers together: a page that several "
        "share counts once."
    )
    rows = [
        [
            f"{size:,}",
            str(each["memory"]["processes"]),
            f"{each['memory']['workers MB']:,.0f}",
            f"{each['memory']['with their parent MB']:,.0f}",
            f"{each['swap']['after']['workers MB']:,.0f}",
        ]
        for size, each in sizes.items()
    ]
    yield _table(
        ["programmes", "workers", "MB", "MB with their parent", "MB after a new snapshot"], rows
    )
    yield (
        "A new snapshot arrives while the workers answer without a pause: a link is turned, and "
        "each worker verifies and opens what it leads to before its next answer."
    )
    yield _table(
        [
            "programmes",
            "turning the link, ms",
            "opening, longest, ms",
            "all workers on the new one after, ms",
            "requests",
            "failed",
            "p99 before, ms",
            "p99 after, ms",
            "longest after, ms",
        ],
        [
            [
                f"{size:,}",
                _figure(swap["turning the link, ms"]),
                _figure(max(swap["opening, ms"], default=0.0)),
                _figure(swap["all workers serve the new one after, ms"] or 0.0),
                f"{swap['requests']:,}",
                str(swap["failed"]),
                _figure(swap["before, ms"]["p99"]),
                _figure(swap["after, ms"]["p99"]),
                _figure(swap["after, ms"]["longest"]),
            ]
            for size, swap in ((size, each["swap"]) for size, each in sizes.items())
        ],
    )


DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _directory(databases: Mapping[str, Mapping[str, Any]]) -> str:
    some = next(iter(databases.values()))
    first = ""
    if any(row["goes first"] for row in databases.values()):
        first = (
            " The machine had other work at the time, before which the benchmark's processes went; "
            "its load is told below."
        )
    return (
        f"## Find support\n\nWhole pages of the public directory among {some['programmes']:,} "
        f"programmes, each of another search, asked of two workers "
        f"{some['requests a second']:.0f} times a second. Milliseconds from the moment at which a "
        "page was due, so that waiting in a queue counts. Browser, server and database share the "
        "cores. The programmes were written a minute before, all at once, which is when following "
        f"what changes costs most.{first}\n\n"
    ) + _table(
        ["ms", "requests", "errors", "p50", "p95", "p99", "longest"],
        [
            [
                DATABASES[kind],
                f"{row['requests']:,}",
                str(row["errors"]),
                *(_figure(row[name]) for name in ("p50", "p95", "p99", "most")),
            ]
            for kind, row in databases.items()
        ],
    )


def _national_year(databases: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    some = next(iter(databases.values()))
    rows, surveyed = some["rows"], some["seconds of a survey"]
    yield (
        f"## A nation's figures\n\nFigures for leads over {rows['introduction']:,} introductions,"
        f" {rows['shown_suggestion']:,} shown suggestions and {rows['check_in']:,} check-ins of"
        f" {rows['professional']:,} professionals and {rows['programme']:,} programmes, over 13 "
        "months. The release of a month is counted, protected and attacked, and stored, in a "
        "process of its own; seconds, those of the processor alone (what else the machine did "
        "counts in the others), and the most memory it held. With the last month of a "
        "quarter come the figures of the quarter."
    )
    yield _table(
        [
            "",
            "month",
            "figures",
            "withheld",
            "counting",
            "protecting",
            "storing",
            "all",
            "processor",
            "peak MB",
        ],
        [
            [
                DATABASES[kind],
                each["month"],
                f"{each['figures']:,}",
                f"{each['withheld']:,}",
                *(_figure(each["seconds"][step]) for step in ("count", "protect", "store")),
                _figure(each["all"]),
                _figure(each["of the processor"]),
                f"{each['peak MB']:,}",
            ]
            for kind, row in databases.items()
            for each in row["releases"]
        ],
    )
    in_words = _listed(f"{_figure(seconds)} s to {what}" for what, seconds in surveyed.items())
    yield (
        f"A survey of everybody, which a third of them answer, takes {in_words} "
        f"({DATABASES[next(iter(databases))]}). Then every page that a lead has was asked for, of "
        "two workers by two browsers, with other areas and periods each time. Milliseconds; "
        "browsers, server and database share the cores."
    )
    kinds = list(databases)
    pages = {page for row in databases.values() for page in row["pages"]}
    yield _table(
        ["", *(f"{DATABASES[kind]}, {name}" for kind in kinds for name in ("p50", "p99"))],
        [
            [
                f"`{page}`",
                *(
                    _figure(databases[kind]["pages"][page][name])
                    for kind in kinds
                    for name in ("p50", "p99")
                ),
            ]
            for page in sorted(pages)
            if all(page in databases[kind]["pages"] for kind in kinds)
        ],
    )


def _quality(quality: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[str]:
    yield (
        "## Quality of the text field\n\nDocuments ranked for queries that people judged. Only the "
        "text is compared, in one direction; nothing is fitted to the queries or the judgements. "
        'In brackets the 95 % interval, by bootstrap over the queries. "Words only" is ours '
        "without the vocabulary: terms that a text mentions are not looked for. Where the interval "
        "of a difference holds 0, the collection does not tell the two apart."
    )
    measures = ("ndcg@10", "map", "recall@20", "p@10")
    for collection, ways in quality.items():
        some = next(iter(ways.values()))
        yield f"### {collection}: {some['queries']} queries, {some['documents']:,} documents"
        yield _table(
            ["", *measures],
            [
                [_bold(name), *(_with_interval(row, measure) for measure in measures)]
                for name, row in ways.items()
            ],
        )
        yield _table(
            ["differences, paired over the queries", *measures],
            [
                [
                    f"{name} above {other}",
                    *(_signed_interval(gain[measure]) for measure in measures),
                ]
                for name, row in ways.items()
                for other, gain in row["above"].items()
            ],
        )


def _with_interval(row: Mapping[str, Any], measure: str) -> str:
    low, high = row["95 %"][measure]
    return f"{row[measure]:.3f} ({low:.3f} to {high:.3f})"


def _signed_interval(gain: Mapping[str, Any]) -> str:
    low, high = gain["95 %"]
    return f"{_signed(gain['mean'])} ({_signed(low)} to {_signed(high)})"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")  # noqa: RUF001 -- a minus sign, for people


def _machines(recorded: Mapping[str, Any], sizes: Sizes) -> str:
    runs = {f"{size:,} programmes": each["machine"] for size, each in sizes.items()}
    for kind, row in recorded.get("directory", {}).items():
        runs[f"Find support with {DATABASES[kind]}"] = row["machine"]
    for kind, row in recorded.get("national year", {}).items():
        runs[f"a nation's figures with {DATABASES[kind]}"] = row["machine"]
    if "quality" in recorded:
        runs["quality"] = recorded["machine"]
    by_machine: dict[str, list[str]] = {}
    for name, machine in runs.items():
        versions = _listed(f"{package} {each}" for package, each in machine["versions"].items())
        described = (
            f"{machine['processor']}, {machine['cores']} cores, {machine['memory GiB']} GiB of "
            f"memory, {machine['system']}; {versions}"
        )
        run = f"{name} (on {machine['day']}, load {machine['load before']} before)"
        by_machine.setdefault(described, []).append(run)
    return "## Machine\n\n" + "\n".join(
        f"- {_listed(names)}: {described}." for described, names in by_machine.items()
    )


def _by_name(
    sizes: Sizes, section: str, value: Callable[[Mapping[str, float]], float]
) -> dict[str, dict[int, float]]:
    names = dict.fromkeys(name for each in sizes.values() for name in each[section])
    return {
        name: {
            size: value(each[section][name])
            for size, each in sizes.items()
            if name in each[section]
        }
        for name in names
    }


def _at_largest(curves: Mapping[str, Mapping[int, float]]) -> Iterator[str]:
    for name, values in curves.items():
        yield f"{name} {_figure(values[max(values)])}"


def _across(
    rows: Mapping[int, float], sizes: Iterable[int], text: Callable[[float], str]
) -> list[str]:
    return [text(rows[size]) if size in rows else "" for size in sizes]


def _figure(value: float) -> str:
    """Return a number with three digits that mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def _listed(parts: Iterable[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _bold(name: str) -> str:
    return f"**{name}**" if name in {ours.NAME, ours.WITH_REASONS} else name


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _draw(
    name: str, curves: Mapping[str, Mapping[int, float]], *, title: str, unit: str, alt: str
) -> None:
    """Draw curves against the number of programmes, both axes logarithmic."""
    style = {"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif"}
    with mpl.rc_context(style):
        figure = Figure(figsize=(9, 5), layout="constrained")
        axes = figure.add_subplot(xscale="log", yscale="log")
        peers = sorted(set(curves) - {ours.NAME, ours.WITH_REASONS})
        looks = dict(zip(peers, zip(COLOURS, MARKERS, strict=True), strict=False))
        for subject, values in curves.items():
            colour, marker = looks.get(subject, ("black", "o"))
            look: dict[str, Any] = {
                "color": colour,
                "marker": marker,
                "linewidth": 1.3 if subject in looks else 2.5,
                "linestyle": "--" if subject == ours.WITH_REASONS else "-",
            }
            axes.plot(list(values), list(values.values()), label=subject, markersize=5, **look)
        ticks = sorted({size for values in curves.values() for size in values})
        axes.set_xticks(ticks)
        axes.xaxis.set_minor_locator(NullLocator())
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
        axes.grid(visible=True, which="major", color="#dddddd", linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set(xlabel="programmes", ylabel=unit)
        axes.set_title(title, loc="left")
        figure.legend(loc="outside right upper", frameon=False)
        figure.savefig(
            PLOTS / f"{name}.svg",
            metadata={"Title": title, "Description": alt, "Date": None, "Creator": None},
        )


if __name__ == "__main__":
    main()
