"""Questions to start with and to go on with, taken from what the articles say that readers ask."""

import random
from collections.abc import Collection, Sequence

import regex

from rag.chain.further import quoted_passages
from rag.types import Answer, Article, BlockKind

EXAMPLES = 4
FOLLOW_UPS = 3
MAX_CHARS = 60
"""Longer questions do not fit on a button of a phone."""

STEM = 5
"""First letters by which two words count as the same: massage, massages."""

_PERSONAL = regex.compile(r"(?i)\b(?:i|i'm|i've|me|my|mine|we|our|he|his|she|her|mum|dad|wife|husband)\b")


def example_questions(articles: Sequence[Article], *, seed: int, count: int = EXAMPLES) -> list[str]:
    """Return questions to start with, each from another article.

    Args:
        articles: the collection.
        seed: equal seeds give equal questions.
        count: how many are wanted.
    """
    choice = random.Random(seed)  # noqa: S311 - picks examples
    order = list(articles)
    choice.shuffle(order)
    found: list[str] = []
    for article in order:
        asked = _general([question for note in article.notes for question in note.questions])
        candidates = _naming(article.title, asked) or _general(_headings(article)) or asked
        if candidates:
            found.append(choice.choice(candidates))
        if len(found) == count:
            break
    return list(dict.fromkeys(found))


def article_questions(article: Article, *, count: int = EXAMPLES) -> list[str]:
    """Return questions that one article answers, each from another of its sections, in its order."""
    by_section = [_general(list(note.questions)) for note in article.notes]
    found = dict.fromkeys(questions[0] for questions in by_section if questions)
    return list(found or dict.fromkeys(_general(_headings(article))))[:count]


def follow_ups(
    answer: Answer, articles: Sequence[Article], *, asked: Collection[str], count: int = FOLLOW_UPS
) -> list[str]:
    """Return questions that the sections next to the cited ones answer.

    Args:
        answer: what was just answered.
        articles: the collection.
        asked: questions of this conversation, which are not offered again.
        count: how many are wanted.
    """
    by_id = {article.article_id: article for article in articles}
    known = {_key(question) for question in asked}
    cited = {
        (passage.chunk.article_id, heading) for passage in quoted_passages(answer) for heading in passage.chunk.headings
    }
    found: dict[str, str] = {}
    for passage in quoted_passages(answer):
        article = by_id.get(passage.chunk.article_id)
        if article is None or not passage.chunk.headings:
            continue
        places = [at for at, note in enumerate(article.notes) if note.heading in passage.chunk.headings]
        near = sorted(range(len(article.notes)), key=lambda at: min((abs(at - place) for place in places), default=0))
        for at in near:
            note = article.notes[at]
            if (article.article_id, note.heading) in cited:
                continue
            fitting = _naming(f"{article.title} {note.heading}", _general(list(note.questions)))
            question = next((one for one in fitting if _key(one) not in known), None)
            if question is not None:
                found.setdefault(_key(question), question)
                break
    return list(found.values())[:count]


_WHOLE = regex.compile(
    r"(?i)(?:what|how|why|when|where|who|which|can|could|do|does|did|is|are|was|will|would|should|has|have)\b"
)
"""How a question begins that reads as one; others are notes such as "heat pad with neuropathy"."""


def _general(questions: Sequence[str]) -> list[str]:
    """Short questions that anybody could ask, as a sentence with a question mark."""
    shown = [" ".join(question.split()) for question in questions]
    return [
        one[0].upper() + one[1:] + ("" if one.endswith("?") else "?")
        for one in shown
        if one and len(one) <= MAX_CHARS and _WHOLE.match(one) and not _PERSONAL.search(one)
    ]


def _naming(title: str, questions: Sequence[str]) -> list[str]:
    """Those questions that name the article's subject, so that they are understood without it."""
    words = {word[:STEM] for word in regex.findall(r"\p{L}{4,}", title.casefold())}
    return [one for one in questions if words & {word[:STEM] for word in regex.findall(r"\p{L}{4,}", one.casefold())}]


def _headings(article: Article) -> list[str]:
    """Its headings that are questions, else one question about its first heading."""
    texts = [
        article.text[block.span.start : block.span.end] for block in article.blocks if block.kind is BlockKind.HEADING
    ]
    return [text for text in texts if text.endswith("?")] or [
        f"What do the articles say about {text}?" for text in texts[:1]
    ]


def _key(question: str) -> str:
    return regex.sub(r"\W+", " ", question.casefold()).strip()
