"""The library: browse the articles, search them, read one with its sources."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.errors import CitewellError
from rag.index.store import IndexReader
from rag.types import Article, ArticleId
from ui.article_text import article_html, quotes_in
from ui.notices import problem_html
from ui.places import ARTICLE_PARAMETER, LIBRARY_ICON, LIBRARY_PATH, LIBRARY_TITLE, chat_place
from ui.resources import Engine, current_engine
from ui.scripts import FIRST_MARK
from ui.session import current_session
from ui.shown_text import as_html, as_label, safe_link
from ui.sources import SECTION_SEPARATOR, references_html, standing

QUOTES_PARAMETER = "quotes"
SHOWN_AT_ONCE = 60
MAX_QUERY_CHARS = 200
FOUND_AT_MOST = 20


def library_page() -> StreamlitPage:
    """Return the page, for the navigation."""
    return st.Page(show_library, title=LIBRARY_TITLE, icon=LIBRARY_ICON, url_path=LIBRARY_PATH)


def show_library() -> None:
    """Show the list of articles, or the one that the page's address names."""
    try:
        engine = current_engine()
        reader = engine.reader()
        wanted = st.query_params.get(ARTICLE_PARAMETER)
        if not wanted:
            _show_list(engine, reader)
            return
        article = reader.article(wanted)
    except CitewellError as error:
        st.title("Library", anchor=False)
        st.html(problem_html(str(error)))
        st.button("Try again", icon=":material/refresh:")
        return
    if article is None:
        st.title("Library", anchor=False)
        st.html(f'<div class="cw-problem"><p>There is no article “{as_html(wanted)}” here.</p></div>')
        st.button("All articles", icon=":material/arrow_back:", on_click=_leave_article)
    else:
        _show_article(article)


def _show_list(engine: Engine, reader: IndexReader) -> None:
    st.title("Library", anchor=False)
    query = st.text_input("Search titles and text", key="library-search", type="search")
    if query and query.strip():
        _show_found(query.strip()[:MAX_QUERY_CHARS], engine.articles(), reader)
        return
    articles = sorted(engine.articles(), key=lambda article: article.title.casefold())
    session = current_session()
    shown = max(session.articles_shown, SHOWN_AT_ONCE)
    st.html(f'<p class="cw-notice">{len(articles)} articles</p>')
    with st.container(key="library-list", gap="xxsmall"):
        for article in articles[:shown]:
            _article_button(article, f"article-{article.article_id}")
    if len(articles) > shown:
        session.articles_shown = shown
        st.button("Show more", on_click=_show_more)


def _show_more() -> None:
    current_session().articles_shown += SHOWN_AT_ONCE


def _show_found(query: str, articles: tuple[Article, ...], reader: IndexReader) -> None:
    """Articles with the words in their title come first, then those with the best passages."""
    by_id = {article.article_id: article for article in articles}
    words = query.casefold().split()
    places: dict[ArticleId, str] = {
        article.article_id: "" for article in articles if all(word in article.title.casefold() for word in words)
    }
    rows = [row for row, _ in reader.search_words(query, k=FOUND_AT_MOST * 3)]
    chunks = reader.chunks(rows)
    for row in rows:
        if row in chunks:
            places.setdefault(chunks[row].article_id, SECTION_SEPARATOR.join(chunks[row].headings))
    found = [(by_id[article_id], place) for article_id, place in places.items() if article_id in by_id][:FOUND_AT_MOST]
    count = len(found)
    said = f"{count} article{'' if count == 1 else 's'} found" if found else "No article has these words."
    st.html(f'<p class="cw-notice" role="status">{said}</p>')
    with st.container(key="library-found", gap="xxsmall"):
        for article, place in found:
            _article_button(article, f"found-{article.article_id}", place)


def _article_button(article: Article, key: str, place: str = "") -> None:
    label = as_label(article.title) + (f" · {as_label(place)}" if place else "")
    st.button(label, key=key, type="tertiary", wrap=True, on_click=_enter_article, args=(article.article_id,))


def _enter_article(article_id: str) -> None:
    st.query_params[ARTICLE_PARAMETER] = article_id


def _leave_article() -> None:
    for name in (ARTICLE_PARAMETER, QUOTES_PARAMETER):
        if name in st.query_params:
            del st.query_params[name]


def _show_article(article: Article) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.button("All articles", icon=":material/arrow_back:", type="tertiary", on_click=_leave_article)
        label = "Ask about this article only"
        if st.button(label, key="ask-article", icon=":material/forum:"):
            current_session().ask_only(article.article_id, article.title)
            st.switch_page(chat_place())
    quotes = quotes_in(article, st.query_params.get(QUOTES_PARAMETER, ""))
    original = safe_link(article.url)
    link = f' · <a href="{original}" target="_blank" rel="noopener noreferrer">Original</a>' if original else ""
    references = references_html(article.references)
    st.html(
        f'<article class="cw-article"><h1>{as_html(article.title)}</h1>'
        f'<p class="cw-standing">{as_html(standing(article.reviewed, article.clinician_reviewed))}{link}</p>'
        f"{article_html(article, quotes)}"
        + (f"<h2>What this article rests on</h2>{references}" if references else "")
        + "</article>"
    )
    if quotes:
        st.html(FIRST_MARK, unsafe_allow_javascript=True)
