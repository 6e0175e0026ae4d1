"""The report on speed: what ran where, what was measured, and its table."""

import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from eval.speed_systems import System
from eval.speed_values import OURS, Values, against_first, rows_of, shown, summary
from eval.tables import table

PACKAGES = ("torch", "sentence-transformers", "faiss-cpu", "onnxruntime", "langchain-core", "langchain-community")

CPU_FILE = Path("/proc/cpuinfo")

MISSING = "the ratios to the LangChain quick start need: pip install citewell[bench]"


def machine() -> dict[str, Any]:
    """Return what the times depend on besides the program."""
    return {
        "cores": os.cpu_count() or 1,
        "cpu": _cpu_model(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
    }


def speed_report(
    values: Values,
    systems: Sequence[System],
    *,
    conditions: Mapping[str, Any],
    machine: Mapping[str, Any],
    agreement: Mapping[str, float] | None = None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the report.

    Args:
        values: one value per repeat, by measure and system.
        systems: in the order of the table, ours first.
        conditions: repeats, passages and the like.
        machine: what `machine` returned before the run.
        agreement: of the exported encoder with the model itself.
        notes: lines to show below the table.
    """
    return {
        "command": "speed",
        "machine": dict(machine),
        "conditions": dict(conditions),
        "systems": {system.name: system.title for system in systems},
        "measures": summary(values),
        "reindex_against_first": against_first(values),
        "agreement": dict(agreement or {}),
        "notes": list(notes),
    }


def heading(here: Mapping[str, Any]) -> str:
    """Return two lines on the machine and the versions."""
    load = "unknown" if here["load"] is None else f"{here['load']:.1f}"
    packages = ", ".join(f"{name} {found or '(none)'}" for name, found in here["packages"].items())
    return (
        f"{here['cpu']}, {here['cores']} cores, load {load} at the start, {here['system']}, "
        f"Python {here['python']}\n{packages}"
    )


def speed_tables(report: Mapping[str, Any]) -> str:
    """Return the report for a terminal."""
    given, names = report["conditions"], list(report["systems"])
    head = ("measure", *names, *(f"ratio to {name}" for name in names if name != OURS))
    again = ", ".join(
        f"{name.removeprefix('reindex_')} {shown(found)}" for name, found in report["reindex_against_first"].items()
    )
    notes = [f"{found['title']}: {found['note']}" for found in report["measures"].values() if found["note"]]
    return "\n\n".join(
        [
            heading(report["machine"]),
            ", ".join(f"{name} {value}" for name, value in given.items()),
            table(head, rows_of(report["measures"], names)),
            "median of the repeats [lowest-highest]; a ratio pairs runs of one repeat; above 1 Citewell is better",
            f"Citewell's first index takes so many times as long as indexing again: {again}",
            "the exported encoder beside the model itself: "
            + (", ".join(f"{name} {value:.7g}" for name, value in report["agreement"].items()) or "no export"),
            "\n".join([*notes, *report["notes"]]),
        ]
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _cpu_model() -> str:
    try:
        lines = CPU_FILE.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
