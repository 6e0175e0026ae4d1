"""Labels whose text has moved within its article: find the new place, rewrite the offsets."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.dataset import Label
from rag.types import Article


@dataclass(frozen=True, slots=True)
class Move:
    """A label with its new place.

    Attributes:
        label: as the file gives it.
        start: where its text begins now.
        end: where it ends now, exclusive.
    """

    label: Label
    start: int
    end: int


def find_move(label: Label, article: Article) -> Move | None:
    """Return where a label's text stands now, the place nearest to the old one, or None when it is gone."""
    length = label.span.end - label.span.start
    places = sorted(_places(label, article.text, length), key=lambda start: abs(start - label.span.start))
    return Move(label, places[0], places[0] + length) if places else None


def apply_moves(moves: Sequence[Move]) -> dict[str, int]:
    """Rewrite the offsets of moved labels in their files, and return how many by file.

    Each file is replaced in one step; lines without a moved label stay as they are.
    """
    by_file: dict[Path, dict[int, list[Move]]] = defaultdict(lambda: defaultdict(list))
    for move in moves:
        path, _, line = move.label.place.rpartition(":")
        by_file[Path(path)][int(line)].append(move)
    for file, by_line in by_file.items():
        lines = file.read_text(encoding="utf-8").split("\n")
        for number, moved in by_line.items():
            lines[number - 1] = _rewritten(lines[number - 1], moved)
        aside = file.with_name(file.name + ".new")
        aside.write_text("\n".join(lines), encoding="utf-8")
        os.replace(aside, file)
    return {str(file): sum(len(moved) for moved in by_line.values()) for file, by_line in by_file.items()}


def _places(label: Label, text: str, length: int) -> Iterator[int]:
    if label.text is not None:
        start = text.find(label.text)
        while start >= 0:
            yield start
            start = text.find(label.text, start + 1)
        return
    for start in range(len(text) - length + 1):
        if hashlib.sha256(text[start : start + length].encode()).hexdigest() == label.sha256:
            yield start


def _rewritten(line: str, moved: Sequence[Move]) -> str:
    fields = json.loads(line)
    new = {(move.label.article_id, move.label.span.start, move.label.span.end): move for move in moved}
    for label in fields["labels"]:
        move = new.get((label["article_id"], label["start"], label["end"]))
        if move:
            label["start"], label["end"] = move.start, move.end
    return json.dumps(fields, ensure_ascii=False)
