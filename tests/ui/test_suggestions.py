"""Questions to start and to go on with."""

from dataclasses import replace

from rag.types import ArticleId, SectionNote
from tests.ui.made import made_answer, made_article
from ui.suggestions import example_questions, follow_ups


def test_examples_read_as_questions_and_name_their_subject() -> None:
    assert example_questions([made_article()], seed=1) in (
        ["Are warm packs any good?"],
        ["How long do warm packs stay on?"],
    )


def test_examples_come_from_different_articles_and_change_with_the_seed() -> None:
    articles = [
        made_article(
            article_id=ArticleId(f"a{n}"),
            title=f"Subject{n} things",
            notes=(SectionNote("H", None, (f"what is subject{n}",)),),
        )
        for n in range(9)
    ]
    chosen = {tuple(example_questions(articles, seed=seed)) for seed in range(5)}
    assert all(len(set(questions)) == 4 for questions in chosen)
    assert len(chosen) > 1


def test_without_questions_the_headings_serve() -> None:
    assert example_questions([made_article(notes=())], seed=1) == ["Do warm packs help?"]
    assert example_questions([], seed=1) == []


def test_follow_ups_come_from_the_next_section_and_are_not_repeated() -> None:
    answer, articles = made_answer(), [made_article()]
    assert follow_ups(answer, articles, asked=[]) == ["How long do warm packs stay on?"]
    assert follow_ups(answer, articles, asked=["how long do warm packs stay on"]) == []
    assert follow_ups(replace(answer, passages=()), articles, asked=[]) == []
