"""`citewell chat`: a conversation that goes on over a changed index."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.cli import main
from rag.index.build import build_index
from rag.types import Encoder


class Typed(io.StringIO):
    """Lines that a reader types; before the second one, something happens."""

    def __init__(self, lines: list[str], between: Iterator[None]) -> None:
        super().__init__("\n".join(lines) + "\n")
        self._between = between

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # the hints name that of bytes
        next(self._between, None)
        return super().readline()


def test_next_question_is_answered_from_an_index_that_changed_meanwhile(
    made: Path, tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "texts"
    corpus.mkdir()
    text = "## What is petrissage?\n\nPetrissage is kneading, lifting and rolling of a muscle between the hands.\n"

    def index_with(word: str) -> None:
        (corpus / "strokes.md").write_text(text.replace("kneading", word), encoding="utf-8")
        build_index([corpus], made, encoder=encoder)

    def between() -> Iterator[None]:
        yield
        index_with("squeezing")
        yield

    index_with("kneading")
    monkeypatch.setattr("sys.stdin", Typed(["What is petrissage?", "What is petrissage?"], between()))

    assert main(["chat", "--index", str(made)]) == 0
    shown = capsys.readouterr().out
    assert shown.index("Petrissage is kneading") < shown.index("Petrissage is squeezing")
    assert shown.rindex("Petrissage is kneading") < shown.index("Petrissage is squeezing")
