"""Articles with nearly the same text are found; articles on the same subject are not."""

import random

import pytest

from rag.ingest.articles import find_files, read_articles
from rag.ingest.near_duplicates import NEAR, near_duplicates, resemblance, sketch
from rag.types import Article, ArticleId
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def texts() -> dict[ArticleId, str]:
    """The project's own articles, all on two subjects."""
    found = read_articles(find_files([PROJECT / "corpus"])[0])
    return {one.article_id: one.text for one in found if isinstance(one, Article)}


def changed(text: str, *, one_in: int) -> str:
    """The text with one word in so many put in place of another."""
    dice = random.Random(7)  # noqa: S311 - no secret
    return " ".join("other" if dice.random() < 1 / one_in else word for word in text.split())


def test_articles_on_one_subject_are_not_alike(texts: dict[ArticleId, str]) -> None:
    assert near_duplicates((name, sketch(text)) for name, text in texts.items()) == []


def test_copies_with_small_changes_are_all_found(texts: dict[ArticleId, str]) -> None:
    copies = {ArticleId(f"{name}-copy"): changed(text, one_in=20) for name, text in texts.items()}

    pairs = near_duplicates((name, sketch(text)) for name, text in {**texts, **copies}.items())

    assert {(pair.first, pair.second) for pair in pairs} == {(name, f"{name}-copy") for name in texts}


def test_share_is_that_of_the_five_grams_in_common() -> None:
    first = " ".join(f"word{place}" for place in range(104))  # 100 5-grams
    second = first + " " + " ".join(f"more{place}" for place in range(50))  # the same and 50 others

    assert resemblance(sketch(first), sketch(second)) == pytest.approx(100 / 150)


def test_same_text_under_other_letters_and_marks_is_the_same() -> None:
    assert resemblance(sketch("Warm packs help some people. " * 9), sketch("WARM packs help, some people! " * 9)) == 1.0


@pytest.mark.parametrize(("one", "other", "alike"), [("", "", 0.0), ("Rest.", "Rest.", 1.0), ("a", "b", 0.0)])
def test_short_texts_are_compared_whole(one: str, other: str, alike: float) -> None:
    assert resemblance(sketch(one), sketch(other)) == alike


def test_pairs_come_with_the_most_alike_first(texts: dict[ArticleId, str]) -> None:
    text = next(iter(texts.values()))
    versions = {"a": text, "b": text, "c": changed(text, one_in=30)}

    pairs = near_duplicates((ArticleId(name), sketch(version)) for name, version in versions.items())

    assert (pairs[0].first, pairs[0].second, pairs[0].share) == ("a", "b", 1.0)
    assert all(pair.share >= NEAR for pair in pairs)
