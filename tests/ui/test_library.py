"""The library in this process."""

from streamlit.testing.v1 import AppTest

from tests.ui.conftest import html_of
from ui.resources import ENGINE_KEY, Engine


def _page() -> None:
    from ui.library import show_library

    show_library()


def _open(engine: Engine, **parameters: str) -> AppTest:
    page = AppTest.from_function(_page, default_timeout=180)
    page.session_state[ENGINE_KEY] = engine
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def test_every_article_is_listed_and_opens_with_its_sources(real_engine: Engine) -> None:
    page = _open(real_engine)
    assert "5 articles" in html_of(page)
    page.button(key="article-warm-packs").click().run()
    html = html_of(page)
    assert "<h1>Warm packs for a sore back</h1>" in html
    assert "Reviewed 2026-01-15 · Not reviewed by a clinician" in html
    assert "Evidence: review" in html
    assert 'href="https://example.org/trial"' in html
    assert "warm-packs" in page.query_params["article"]


def test_search_finds_words_of_titles_and_of_texts(real_engine: Engine) -> None:
    page = _open(real_engine)
    page.text_input(key="library-search").set_value("strokes").run()
    assert page.button(key="found-gliding-strokes")
    page.text_input(key="library-search").set_value("kneading").run()
    assert page.button(key="found-gliding-strokes").label.endswith("What is petrissage?")
    page.text_input(key="library-search").set_value("zzzz").run()
    assert "No article has these words." in html_of(page)


def test_a_citation_leads_to_its_place_with_the_quote_marked(real_engine: Engine) -> None:
    article = real_engine.reader().article("gliding-strokes")
    assert article is not None
    start = article.text.index("Petrissage is kneading")
    page = _open(real_engine, article="gliding-strokes", quotes=f"{start}-{start + 10}")
    assert "<mark>Petrissage</mark> is kneading" in html_of(page)
    page.button[0].click().run()
    assert "quotes" not in page.query_params


def test_an_unknown_article_is_told_so(real_engine: Engine) -> None:
    page = _open(real_engine, article="<b>x")
    assert "no article “&lt;b&gt;x”" in html_of(page)


def test_hostile_articles_stay_words(real_engine: Engine) -> None:
    page = _open(real_engine)
    assert ":\u2060red" in page.button(key="article-shared-words").label
    page.button(key="article-shared-words").click().run()
    html = html_of(page)
    assert "javascript:" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(4)" in html
