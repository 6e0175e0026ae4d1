"""Reports as one web page that stands alone: tables, plots, and every failure with what was found and expected."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from eval.answer_tables import answer_tables
from eval.measures import MAIN
from eval.page_speed import page_tables
from eval.safety_tables import safety_tables
from eval.scale import scale_tables
from eval.speed_report import speed_tables
from eval.svg import Bar, bars, curve, histogram
from eval.tables import retrieval_tables
from rag import __version__

STYLE = """
:root { color-scheme: light dark; --ink: #1a2b33; --paper: #fdfdfb; --mark: #2b7a78; --other: #b5552b; --grid: #d5dcdc }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ecec; --paper: #14201f; --mark: #63c0b8; --other: #e79a6c; --grid: #33413f } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 70rem;
  margin: 2rem auto; padding: 0 1rem }
figure { margin: 1.5rem 0; max-width: 44rem } figcaption { font-weight: 600 } svg { width: 100%; height: auto }
svg text { font-size: 12px; fill: var(--ink) } .bar { fill: var(--mark); opacity: .7 }
.whisker { stroke: var(--ink); stroke-width: 2 } .grid { stroke: var(--grid); stroke-width: 1 }
.line { fill: none; stroke: var(--mark); stroke-width: 2 } polyline.series1 { stroke: var(--other) }
text.series0 { fill: var(--mark) } text.series1 { fill: var(--other) }
pre { overflow-x: auto; font-size: .85rem } table { border-collapse: collapse; width: 100%; font-size: .85rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--grid) }
.below { border-left: 4px solid var(--other); padding-left: 1rem }
"""

CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Nothing is loaded and nothing runs, whatever stands in a question or an article."""


def write_report(path: Path, sections: Sequence[Mapping[str, Any]], problems: Sequence[str] = ()) -> None:
    """Write reports as one page.

    Args:
        path: the file; its folder is made when missing.
        sections: reports on retrieval, answers or safety.
        problems: values below their limits, shown first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(sections, problems), encoding="utf-8")


def page(sections: Sequence[Mapping[str, Any]], problems: Sequence[str] = ()) -> str:
    """Return reports as one page."""
    parts = [f'<section class="below"><h2>Below the limits</h2>{_list(problems)}</section>'] if problems else []
    for section in sections:
        name = str(section["command"])
        parts.append(f"<section><h2>{escape(name.capitalize())}</h2>{_SECTIONS[name](section)}</section>")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Citewell evaluation</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_POLICY}"><style>{STYLE}</style></head>'
        f"<body><main><h1>Citewell evaluation</h1><p>Citewell {escape(__version__)}</p>{''.join(parts)}</main></body>"
        "</html>\n"
    )


def _retrieval(report: Mapping[str, Any]) -> str:
    systems = [
        _bar(name, found["measures"][MAIN], found["intervals"][MAIN], report["queries"])
        for name, found in report["systems"].items()
    ]
    parts = [_pre(retrieval_tables(report)), bars(f"{MAIN} by system, with 95 % intervals", systems)]
    if report.get("by_kind"):
        kinds = [_bar(kind, one[MAIN], one["interval"], one["n"]) for kind, one in report["by_kind"].items()]
        parts.append(bars(f"{MAIN} by kind of question", kinds))
    if report.get("failures"):
        parts.append("<h3>Nothing right among the first ten</h3>" + _failures(report["failures"]))
    return "".join(parts)


def _answers(report: Mapping[str, Any]) -> str:
    kinds = [_bar(kind, one["pass"], one["interval"], one["n"]) for kind, one in report["by_kind"].items()]
    slowest = max([*report["timings_ms"], 1.0])
    line = report["curve"]
    return "".join(
        [
            _pre(answer_tables(report, failures=False)),
            bars("Passed, by kind of question", kinds),
            curve(f"Risk and coverage, area {line['area']:.3f}", line["coverage"], line["risk"], "coverage", "risk"),
            histogram("Similarity of the best passage", report["scores"], low=0.0, high=1.0, x_name="cosine"),
            histogram(
                "Time for a reply", {"replies": report["timings_ms"]}, low=0.0, high=slowest, x_name="milliseconds"
            ),
            "<h3>Failures</h3>" + _failures(report["failures"]),
        ]
    )


def _speed(report: Mapping[str, Any]) -> str:
    parts = [_pre(speed_tables(report))]
    for name, title in report["systems"].items():
        shares = [
            Bar(
                measure,
                value=min(1.0, 1 / ratio["value"]),
                low=min(1.0, 1 / ratio["high"]),
                high=min(1.0, 1 / ratio["low"]),
                n=report["conditions"]["repeats"],
            )
            for measure, found in report["measures"].items()
            if (ratio := (found["systems"].get(name) or {}).get("ratio"))
        ]
        if shares:
            parts.append(bars(f"What Citewell takes of what {title} takes (1: as much, or more)", shares))
    return "".join(parts)


def _scale(report: Mapping[str, Any]) -> str:
    found = {one["passages"]: one for one in report["sizes"]}
    parts = [_pre(scale_tables(report))]
    shares = [
        Bar(
            f"{count:,}",
            one["recall_at_10"],
            one["recall_at_10"],
            one["recall_at_10"],
            report["conditions"]["questions"],
        )
        for count, one in found.items()
    ]
    return "".join([*parts, bars("Of the ten nearest passages, found by vector search", shares)])


def _page(report: Mapping[str, Any]) -> str:
    parts = [_pre(page_tables(report))]
    for name, title in report["systems"].items():
        shares = [
            Bar(
                measure,
                value=min(1.0, ratio["value"]),
                low=min(1.0, ratio["low"]),
                high=min(1.0, ratio["high"]),
                n=report["conditions"]["repeats"],
            )
            for measure, found in report["measures"].items()
            if (ratio := (found["systems"].get(name) or {}).get("ratio"))
        ]
        if shares:
            parts.append(bars(f"What {title} takes of what Citewell's page takes (1: as much, or more)", shares))
    return "".join(parts)


def _safety(report: Mapping[str, Any]) -> str:
    def of(key: str) -> list[Bar]:
        return [Bar(name, one["value"], one["low"], one["high"], one["n"]) for name, one in report[key].items()]

    return "".join(
        [
            _pre(safety_tables(report, slices=("by_level", "by_kind", "false_alarms"))),
            bars("Met at its level or above, by group", of("by_group")),
            bars("The same by style", of("by_style")),
            bars("False alarms, by kind", of("false_alarms")),
            "<h3>Missed</h3>" + _messages(report["misses"]),
            "<h3>False alarms</h3>" + _messages(report["alarms"]),
        ]
    )


def _bar(name: str, value: float, interval: Sequence[float], n: int) -> Bar:
    return Bar(name, value, interval[0], interval[1], n)


_SECTIONS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "retrieval": _retrieval,
    "answers": _answers,
    "safety": _safety,
    "scale": _scale,
    "speed": _speed,
    "page": _page,
}


def _failures(failures: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            one["query_id"],
            one["kind"],
            one.get("diagnosis") or "",
            one.get("text") or "",
            "\n".join(one["wanted"]) or str(one.get("expected", "")),
            "\n".join(one["found"]),
            one.get("reply") or "",
        )
        for one in failures
    ]
    return _table(("Id", "Kind", "Why", "Question", "Expected", "Retrieved", "Reply"), rows)


def _messages(messages: Sequence[Mapping[str, Any]]) -> str:
    rows = [(one["id"], one["group"], one["expected"], one["got"], one.get("text") or "") for one in messages]
    return _table(("Id", "Group", "Expected", "Got", "Message"), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "<p>None.</p>"
    keep = [column for column in range(len(head)) if any(row[column] for row in rows)]
    top = "".join(f"<th>{escape(head[column])}</th>" for column in keep)
    body = "".join("<tr>" + "".join(f"<td>{_lines(row[column])}</td>" for column in keep) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in str(text).split("\n"))


def _list(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _pre(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"
