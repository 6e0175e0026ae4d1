"""Where the time goes: of one question by stage, and of a start by what is imported."""

import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.speed_report import machine
from eval.tables import table
from rag.errors import CitewellError
from rag.types import Answer

SHOWN = 14
"""Packages of a start that are named; the others are added up."""

PREFIX = "import time:"


def stages(answer: Callable[[str], Answer], questions: Sequence[str]) -> dict[str, float]:
    """Return the mean milliseconds of each stage over the questions, "total" among them.

    Each question is asked twice and the second time counts, so that nothing is loaded meanwhile.

    Args:
        answer: from a question to an answer with its timing.
        questions: one or more.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        answer(question)
        for stage, value in answer(question).timing_ms.items():
            found[stage].append(value)
    return {stage: sum(values) / len(questions) for stage, values in found.items()}


def imports(command: Sequence[str], *, repeats: int = 3) -> dict[str, float]:
    """Return the milliseconds that a Python command spends in the modules of each package while they are imported.

    Args:
        command: what stands after the interpreter.
        repeats: runs, of which the median counts.

    Raises:
        CitewellError: the command failed.
    """
    runs = [_imports(command) for _ in range(repeats)]
    return {
        name: statistics.median(run.get(name, 0.0) for run in runs) for name in {name for run in runs for name in run}
    }


def _imports(command: Sequence[str]) -> dict[str, float]:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-X", "importtime", *command],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [str(_project()), os.environ.get("PYTHONPATH")])),
        },
    )
    lines = done.stderr.splitlines()
    if done.returncode != 0:
        last = next((line for line in reversed(lines) if not line.startswith(PREFIX)), "")
        raise CitewellError(f"a start ended with {done.returncode}: {last}")
    found: dict[str, float] = defaultdict(float)
    for line in lines:
        own, _, rest = line.removeprefix(PREFIX).partition("|")
        if line.startswith(PREFIX) and own.strip().isdigit():
            found[package_of(rest.partition("|")[2].strip())] += int(own) / 1000
    return dict(found)


def package_of(module: str) -> str:
    """Return the package of a module: ours in two parts, others in one, the standard library as one."""
    first, _, rest = module.partition(".")
    if first == "rag":
        return f"rag.{rest.partition('.')[0]}" if rest else "rag"
    return "standard library" if first in sys.stdlib_module_names or first.startswith("_") else first


def profile_report(by_stage: Mapping[str, float], by_package: Mapping[str, float], *, questions: int) -> dict[str, Any]:
    """Return the report."""
    return {
        "command": "profile",
        "machine": machine(),
        "questions": questions,
        "stages_ms": dict(by_stage),
        "imports_ms": dict(sorted(by_package.items(), key=lambda item: -item[1])),
    }


def profile_tables(report: Mapping[str, Any]) -> str:
    """Return the report for a terminal."""
    by_stage, by_package = dict(report["stages_ms"]), list(report["imports_ms"].items())
    whole = by_stage.pop("total")
    rest = whole - sum(by_stage.values())
    shown, others = by_package[:SHOWN], sum(value for _, value in by_package[SHOWN:])
    here = report["machine"]
    return "\n\n".join(
        [
            f"{here['cpu']}, {here['cores']} cores, {here['system']}, Python {here['python']}",
            f"One question, mean of {report['questions']}, the index open:",
            _shares({**by_stage, "between": rest}, "stage"),
            "A start, imports alone, by package (measuring makes them about a third slower):",
            _shares(dict(shown) | ({"others": others} if others else {}), "package"),
        ]
    )


def _shares(values: Mapping[str, float], name: str) -> str:
    whole = sum(values.values()) or 1.0
    rows = [[key, f"{value:.1f}", f"{100 * value / whole:.0f} %"] for key, value in values.items()]
    return table((name, "ms", "share"), [*rows, ["together", f"{whole:.1f}", "100 %"]])


def _project() -> Path:
    return Path(__file__).parent.parent
