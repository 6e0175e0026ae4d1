"""Rules on sentences: an answer quotes them one by one, so each has to stand alone."""

import re
from collections.abc import Iterator, Sequence

from rag.lint.findings import Flaw
from rag.lint.openings import unbound_opening
from rag.lint.page import Page, Sentence
from rag.lint.rule_set import RuleSet
from rag.types import BlockKind

WORD = re.compile(r"\S*[^\W_]\S*")
"""Anything between spaces that holds a letter or digit: "low-back" and "A&E" are one word, a dash is none."""

REPEAT_WORDS = 8
"""Sentences of fewer words may recur: short list items such as signs say the same thing everywhere."""


def count_words(text: str) -> int:
    """Return the number of words."""
    return len(WORD.findall(text))


def length(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """sentence-length: a sentence is neither a fragment nor a paragraph; a lead-in may be short."""
    limits = rules.limits
    for sentence in page.sentences:
        if sentence.kind is not BlockKind.PARAGRAPH:
            continue
        count = count_words(sentence.text)
        low = limits.min_item_words if sentence.is_lead_in else limits.min_sentence_words
        if count < low:
            yield _flaw(sentence, f"{count} words", f"say it in full, in {low} or more")
        elif count > limits.max_sentence_words:
            mend = f"split it; at most {limits.max_sentence_words}, one thing each"
            yield _flaw(sentence, f"{count} words", mend)


def item_length(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """item-length: a list item is clear without its neighbours and no sentence of it is too long."""
    limits = rules.limits
    seen: set[int] = set()
    for sentence in page.sentences:
        if sentence.kind is not BlockKind.LIST_ITEM:
            continue
        count = count_words(sentence.text)
        if count > limits.max_sentence_words:
            yield _flaw(sentence, f"{count} words", f"split it; at most {limits.max_sentence_words}")
        elif sentence.block not in seen and count_words(page.block_text(sentence.block)) < limits.min_item_words:
            yield _flaw(sentence, f"{count} words", f"name it in {limits.min_item_words} or more words")
        seen.add(sentence.block)


def opening(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """sentence-opening: no sentence opens with a word that stands for something in another sentence."""
    for sentence in page.sentences:
        if word := unbound_opening(sentence.text):
            yield _flaw(sentence, f"opens with '{word}'", "name the thing itself")


def list_lead_in(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """list-lead-in: a sentence that ends in a colon stands before each list."""
    blocks = page.article.blocks if page.article else ()
    for number, block in enumerate(blocks):
        before = blocks[number - 1].kind if number else BlockKind.HEADING
        if block.kind is not BlockKind.LIST_ITEM or before is BlockKind.LIST_ITEM:
            continue
        if before is not BlockKind.PARAGRAPH or not page.block_text(number - 1).endswith(":"):
            yield Flaw(
                page.block_lines[number],
                f"no lead-in before the list that starts '{_start(page.block_text(number))}'",
                "say in a sentence what it lists and end that with a colon",
            )


def repeated(pages: Sequence[Page], rules: RuleSet) -> Iterator[tuple[Page, Flaw]]:
    """sentence-repeated: no sentence stands twice, in one article or in two."""
    places: dict[str, list[tuple[Page, Sentence]]] = {}
    for page in pages:
        for sentence in page.sentences:
            if count_words(sentence.text) >= REPEAT_WORDS:
                key = " ".join(re.findall(r"[^\W_]+", sentence.text.lower()))
                places.setdefault(key, []).append((page, sentence))
    for found in places.values():
        for number, (page, sentence) in enumerate(found if len(found) > 1 else ()):
            other, twin = found[0 if number else 1]
            message = f"also in {other.path.name}, line {twin.line}"
            yield page, _flaw(sentence, message, "write it anew for this article, or leave it out")


def _flaw(sentence: Sentence, message: str, mend: str) -> Flaw:
    return Flaw(sentence.line, f"{message} ('{_start(sentence.text)}')", mend)


def _start(text: str) -> str:
    words = text.split()
    return " ".join(words[:6]) + (" …" if len(words) > 6 else "")
