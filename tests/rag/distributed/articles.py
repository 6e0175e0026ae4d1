"""Made articles: short, all different, the same ones every time."""

import random
from pathlib import Path

WORDS = (
    "back leg nerve massage warm pack rest walk stretch muscle spine study evidence people week month gentle pressure "
    "hand oil sleep chair work lift bend knee hip calf heel lying pillow stairs cycling swimming"
).split()


def write_articles(folder: Path, count: int, *, sentences: int = 3) -> None:
    """Write so many Markdown files of one section each."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(7)  # noqa: S311 - texts of a test
    for number in range(count):
        text = " ".join(" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(sentences))
        (folder / f"made-{number:04}.md").write_text(f"# Made article {number}\n\n{text}\n", encoding="utf-8")
