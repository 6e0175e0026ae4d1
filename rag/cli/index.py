"""`citewell index`: bring the index up to date, check it, or go back one step."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.options import TerminalProgress, add_command, add_index_option, add_json_option, print_json
from rag.settings import Settings, get_settings

if TYPE_CHECKING:
    from rag.ingest.near_duplicates import NearDuplicate  # numpy comes with it, which no other command here needs

REFUSED_STATUS = 3
COUNTED = ("added", "changed", "unchanged", "removed", "refused")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "index",
        "index the collection, or the given files and folders; only what changed is embedded",
        "citewell index my-articles --index my-index\n"
        "         citewell index --dry-run\n"
        "         citewell index --verify",
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files and folders (default: the collection)"
    )
    add_index_option(parser)
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="start from nothing, for instance after damage (default PATH: what the index was built from)",
    )
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--dry-run", action="store_true", help="only say what would change; writes nothing")
    ways.add_argument("--verify", action="store_true", help="check every byte of the index; writes nothing")
    ways.add_argument("--rollback", action="store_true", help="let the index before this one answer; twice undoes it")
    parser.add_argument(
        "--ray",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="read, cut and embed with Ray Data: on this machine, or on the cluster at HOST:PORT or auto; resumes "
        "where a stopped run was",
    )
    add_json_option(parser)
    parser.set_defaults(run=run, parser=parser)


def run(asked: argparse.Namespace) -> int:
    """Index, preview, check or go back, and print what came of it."""
    if (asked.verify or asked.rollback) and (asked.paths or asked.rebuild):
        asked.parser.error("--verify and --rollback take neither PATH nor --rebuild")
    if asked.ray is not None:
        _check_ray(asked)
    settings = get_settings()
    if asked.verify:
        return _verify(settings, asked)
    if asked.rollback:
        return _roll_back(settings, asked)
    return _preview(settings, asked) if asked.dry_run else _index(settings, asked)


def _check_ray(asked: argparse.Namespace) -> None:
    from rag.distributed.cluster import is_address

    if asked.dry_run or asked.verify or asked.rollback:
        asked.parser.error("--ray is for indexing only")
    if asked.ray and not is_address(asked.ray):
        asked.parser.error(f"--ray takes HOST:PORT or auto, not {asked.ray!r}; name PATHs before it")


def _index(settings: Settings, asked: argparse.Namespace) -> int:
    from rag.assemble_index import make_index, make_ray_preparation  # the parts behind these take a second to import

    prepare = None
    if asked.ray is not None:
        prepare = make_ray_preparation(settings, asked.ray or None, progress=TerminalProgress("files done"))
    report = make_index(
        settings,
        asked.paths,
        index=asked.index,
        rebuild=asked.rebuild,
        progress=TerminalProgress("texts embedded"),
        prepare=prepare,
    )
    counts = {name: len(getattr(report, name)) for name in COUNTED}
    if asked.json:
        print_json(
            {
                **counts,
                "refusals": [{"path": refusal.path, "reason": refusal.reason} for refusal in report.refused],
                "near_duplicates": _pairs(report.alike),
                "chunks": report.chunks,
                "embedded": report.embedded,
                "index": _place(settings, asked),
                "index_id": report.index_id,
                "seconds": round(report.seconds, 2),
            }
        )
    else:
        for refusal in report.refused:
            print(f"refused {refusal.path}: {refusal.reason}", file=sys.stderr)
        for pair in report.alike:
            print(_alike(pair), file=sys.stderr)
        print(", ".join(f"{name} {count}" for name, count in counts.items()))
    return REFUSED_STATUS if report.refused else 0


def _preview(settings: Settings, asked: argparse.Namespace) -> int:
    from rag.assemble_index import preview_changes

    changes = preview_changes(settings, asked.paths, index=asked.index, rebuild=asked.rebuild)
    named = {name: list(getattr(changes, name)) for name in ("unchanged", "added", "changed", "removed")}
    refusals = [{"path": refusal.path, "reason": refusal.reason} for refusal in changes.refused]
    if asked.json:
        pairs = _pairs(changes.alike)
        print_json({**named, "refused": refusals, "near_duplicates": pairs, "index": _place(settings, asked)})
        return 0
    # What changes comes last, where it is seen.
    for name, ids in named.items():
        for article_id in ids:
            print(f"{name} {article_id}")
    for refusal in refusals:
        print(f"refused {refusal['path']}: {refusal['reason']}")
    for pair in changes.alike:
        print(_alike(pair))
    counts = [f"{name} {len(getattr(changes, name))}" for name in COUNTED]
    print(f"would be: {', '.join(counts)}; nothing was written")
    return 0


def _verify(settings: Settings, asked: argparse.Namespace) -> int:
    from rag.assemble_index import make_target
    from rag.index.verify import require_sound

    target = make_target(settings, index=asked.index)
    checked = target.verify()
    if asked.json:
        print_json(
            [{"path": str(file.path), "sound": file.problem is None, "problem": file.problem} for file in checked]
        )
    require_sound(target.index, checked, target.advice)
    if not asked.json:
        print(f"{target.place}: {len(checked)} files checked, all sound")
    return 0


def _roll_back(settings: Settings, asked: argparse.Namespace) -> int:
    from rag.assemble_index import roll_back_index

    done = roll_back_index(settings, index=asked.index)
    manifest = done.manifest
    if asked.json:
        print_json({"index_id": manifest.index_id, "created": manifest.created, "articles": manifest.articles})
    else:
        print(
            f"{_place(settings, asked)}: the index of {manifest.created} with {manifest.articles} articles answers "
            "again; --rollback once more undoes this, the next citewell index brings it up to date"
        )
    return 0


def _alike(pair: "NearDuplicate") -> str:
    return f"nearly the same text: {pair.first} and {pair.second} ({pair.share:.0%} shared)"


def _pairs(alike: "Sequence[NearDuplicate]") -> list[dict[str, object]]:
    return [{"first": pair.first, "second": pair.second, "share": round(pair.share, 2)} for pair in alike]


def _place(settings: Settings, asked: argparse.Namespace) -> str:
    """Where the index is, as its parts say it, without loading them."""
    if asked.index is None and settings.index.uri is not None:
        return f"{settings.index.uri} ({settings.index.collection})"
    return str(asked.index or settings.index.path)
