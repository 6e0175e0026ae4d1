"""How soon the page stands and answers, and what a reader costs, beside a bare Streamlit page."""

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.page_browser import visit
from eval.page_server import PageServer, memory_mb, running
from eval.speed_report import heading
from eval.speed_values import Measure, Values, rows_of, summary
from eval.tables import table
from rag.index.vector_cache import Progress

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MEASURES = (
    Measure("health", "process start to health answer", "s"),
    Measure("paint", "page opened to first contentful paint", "ms"),
    Measure("start_paint", "process start to first contentful paint", "s"),
    Measure("start_usable", "process start to a page that takes a question", "s"),
    Measure("answer", "question typed to the first whole answer", "s", note="the bare page does not answer"),
    Measure("start_answer", "process start to the first whole answer", "s"),
    Measure("answer_again", "the same question typed again", "s"),
    Measure("memory", "memory of the server, all loaded, before readers", "MB"),
    Measure("memory_first", "added by the first reader", "MB", note="what every reader shares is made for the first"),
    Measure("memory_reader", "added by each further reader", "MB"),
    Measure("memory_asked", "added by each further reader and an answer", "MB"),
)

ABOUT = (
    "median of the repeats [lowest-highest]; a ratio pairs runs of one repeat; above 1 Citewell is better\n"
    "each start is measured after one of the same that is not; each reader has a new browser profile; memory before "
    "readers is all that is resident, what readers add is counted without mapped files"
)
NO_MEMORY = "memory is not measured: this system has no /proc"


def run_page_speed(
    servers: Sequence[PageServer],
    browser: "Browser",
    *,
    question: str,
    repeats: int,
    readers: int,
    progress: Progress,
) -> Values:
    """Measure the pages in turns and return one value per repeat, by measure and page.

    Args:
        servers: Citewell's page and those beside it.
        browser: opens the pages.
        question: typed into pages that answer.
        repeats: how often each is started for times, and again for memory.
        readers: how many come after the first one, for memory.
        progress: told of each page that was measured.

    Raises:
        CitewellError: a server did not start.
    """
    found: defaultdict[str, dict[str, list[float]]] = defaultdict(dict)
    with tempfile.TemporaryDirectory(prefix="citewell-page-") as name:
        log = Path(name) / "log"
        for server in servers:
            times(server, browser, question, log)
        for repeat in range(repeats):
            for place, server in enumerate(servers if repeat % 2 == 0 else reversed(servers), start=1):
                values = times(server, browser, question, log) | memory(server, browser, question, readers, log)
                for measure, value in values.items():
                    found[measure].setdefault(server.name, []).append(value)
                progress(repeat * len(servers) + place, repeats * len(servers))
    return dict(found)


def times(server: PageServer, browser: "Browser", question: str, log: Path) -> dict[str, float]:
    """Start a server, open its page as soon as it answers, and ask; return the times by measure.

    Raises:
        CitewellError: the server did not start.
    """
    with running(server, log) as here:
        reader = visit(browser, here)
        found = {
            "health": here.healthy_s,
            "paint": reader.paint_ms,
            "start_paint": reader.painted - here.started,
            "start_usable": reader.usable - here.started,
        }
        if server.answers:
            found["answer"] = reader.ask(question)
            found["start_answer"] = found["start_usable"] + found["answer"]
            found["answer_again"] = reader.ask(question)
        reader.leave()
    return found


def memory(server: PageServer, browser: "Browser", question: str, readers: int, log: Path) -> dict[str, float]:
    """Start a server, let readers come and stay, and return what they add to its memory by measure.

    Raises:
        CitewellError: the server did not start.
    """
    with running(server, log, ready=True) as here:
        whole, before = memory_mb(here.process), memory_mb(here.process, own=True)
        if whole is None or before is None:
            return {}
        present = [visit(browser, here)]
        first = memory_mb(here.process, own=True) or 0.0
        present += [visit(browser, here) for _ in range(readers)]
        opened = memory_mb(here.process, own=True) or 0.0
        found = {"memory": whole, "memory_first": first - before, "memory_reader": (opened - first) / readers}
        if server.answers:
            for reader in present:
                reader.ask(question)
            found["memory_asked"] = ((memory_mb(here.process, own=True) or 0.0) - first) / readers
        for reader in present:
            reader.leave()
    return found


def page_report(
    values: Values, servers: Sequence[PageServer], *, conditions: Mapping[str, Any], machine: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the report.

    Args:
        values: one value per repeat, by measure and page.
        servers: in the order of the table, ours first.
        conditions: repeats, readers and the like.
        machine: what the times depend on besides the program.
    """
    return {
        "command": "page",
        "machine": dict(machine),
        "conditions": dict(conditions),
        "systems": {server.name: server.title for server in servers},
        "measures": summary(values, MEASURES),
        "notes": [] if "memory" in values else [NO_MEMORY],
    }


def page_tables(report: Mapping[str, Any]) -> str:
    """Return the report for a terminal."""
    names = list(report["systems"])
    head = ("measure", *names, *(f"ratio to {name}" for name in names[1:]))
    notes = [f"{found['title']}: {found['note']}" for found in report["measures"].values() if found["note"]]
    return "\n\n".join(
        [
            heading(report["machine"]),
            ", ".join(f"{name} {value}" for name, value in report["conditions"].items()),
            table(head, rows_of(report["measures"], names)),
            "\n".join(f"{name}: {title}" for name, title in report["systems"].items()),
            ABOUT,
            "\n".join([*notes, *report["notes"]]),
        ]
    )
