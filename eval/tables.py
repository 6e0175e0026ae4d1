"""Plain tables for a terminal or a log."""

from collections.abc import Mapping, Sequence
from typing import Any

from eval.measures import MAIN, NAMES

Cell = str | int | float


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return rows under a head, first column to the left, the others to the right, floats to three places."""
    lines = [list(head), *([_shown(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def retrieval_tables(report: Mapping[str, Any]) -> str:
    """Return the tables of a retrieval report."""
    systems = report["systems"]
    parts = [
        f"{report['queries']} queries, {report['dataset']}, index {report['index_id']}",
        table(
            ("system", *NAMES),
            [[name, *(found["measures"][measure] for measure in NAMES)] for name, found in systems.items()],
        ),
        "\n".join(f"{name}: {found['title']}" for name, found in systems.items()),
    ]
    if report["differences"]:
        parts.append(
            f"{MAIN} of {report['ours']} minus that of the others (95 % interval; paired randomisation, Holm)\n"
            + table(
                ("system", "difference", "low", "high", "p", "p Holm"),
                [
                    [
                        name,
                        *(found[MAIN][key] for key in ("value", "low", "high")),
                        *(probability(found[MAIN][key]) for key in ("p", "p_holm")),
                    ]
                    for name, found in report["differences"].items()
                ],
            )
        )
    for title, key, limit in (("kind", "by_kind", None), ("article, weakest first", "by_article", 12)):
        groups = report.get(key) or {}
        ranked = sorted(groups.items(), key=lambda item: item[1][MAIN]) if limit else list(groups.items())
        if ranked:
            rows = [[name, int(found["n"]), *(found[measure] for measure in NAMES)] for name, found in ranked[:limit]]
            parts.append(table((title, "n", *NAMES), rows))
    parts += report.get("notes", [])
    return "\n\n".join(parts)


def probability(p: float) -> str:
    """Return a p-value for a table."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _shown(cell: Cell) -> str:
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)
