"""`citewell articles show FILE --cleaned`: what is kept of a file and what is taken out."""

import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from rag.assemble_index import make_limits
from rag.cli.options import print_json
from rag.errors import CitewellError
from rag.ingest.articles import Refusal, find_files, read_each
from rag.ingest.text_builder import printable
from rag.settings import get_settings
from rag.types import Article

REFUSED_STATUS = 3


def show_cleaned(place: Path, *, as_json: bool) -> int:
    """Print what is kept and taken out of a file, or of each file of a folder; status 3 when one is refused.

    Args:
        place: a file or folder; it need not be in the collection, and nothing is indexed.
        as_json: print JSON for programs.

    Raises:
        CitewellError: there is no such file or folder.
    """
    if not place.exists() and not place.is_symlink():
        raise CitewellError(f"{printable(place)}: no such file or folder; expected a file to read")
    files, refused = find_files([place])
    results = [*refused, *(one for _, found in read_each(files, make_limits(get_settings())) for one in found)]
    if as_json:
        print_json([_fields(one) for one in results])
    else:
        for number, one in enumerate(results):
            print("" if number == 0 else "\n", end="")
            _print(one)
    return REFUSED_STATUS if any(isinstance(one, Refusal) for one in results) else 0


def _fields(result: Article | Refusal) -> dict[str, Any]:
    if isinstance(result, Refusal):
        return {"file": result.path, "refused": result.reason}
    return {
        "file": result.path,
        "id": result.article_id,
        "title": result.title,
        "author": result.extra.get("author"),
        "published": result.extra.get("published"),
        "url": result.url,
        "kept": [
            {"kind": str(block.kind), "text": result.text[block.span.start : block.span.end]} for block in result.blocks
        ],
        "removed": list(_removed(result)),
    }


def _print(result: Article | Refusal) -> None:
    if isinstance(result, Refusal):
        print(f"refused {result.path}: {result.reason}", file=sys.stderr)
        return
    facts = {
        "id": result.article_id,
        "title": result.title,
        "author": result.extra.get("author"),
        "published": result.extra.get("published"),
        "address": result.url,
    }
    print(f"=== {result.path}")
    for name, value in facts.items():
        print(f"{name + ':':<11}{value or '-'}")
    words = sum(len(result.text[block.span.start : block.span.end].split()) for block in result.blocks)
    print(f"\n--- kept: {len(result.blocks)} blocks, {words} words\n\n{result.text}\n")
    removed = list(_removed(result))
    print(f"--- taken out: {len(removed)} pieces")
    for reason, pieces in groupby(sorted(removed, key=lambda one: one["reason"]), key=lambda one: one["reason"]):
        print(f"{reason}:")
        for piece in pieces:
            print(f"  {piece['text']}")


def _removed(article: Article) -> Iterator[Mapping[str, str]]:
    yield from cast("list[dict[str, str]]", article.extra.get("removed") or [])
