"""Ways from one page to another. Streamlit finds a page by its address, so what stands here is never run."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

LIBRARY_PATH = "library"
ARTICLE_PARAMETER = "article"
LIBRARY_TITLE, LIBRARY_ICON = "Library", ":material/menu_book:"
ASK_TITLE, ASK_ICON = "Ask", ":material/forum:"


def chat_place() -> StreamlitPage:
    """Return the way to the chat."""
    return st.Page(_not_run, title=ASK_TITLE, icon=ASK_ICON, default=True)


def library_place() -> StreamlitPage:
    """Return the way to the library."""
    return st.Page(_not_run, title=LIBRARY_TITLE, icon=LIBRARY_ICON, url_path=LIBRARY_PATH)


def open_article(article_id: str) -> None:
    """Leave for an article of the library."""
    st.switch_page(library_place(), query_params={ARTICLE_PARAMETER: article_id})


def _not_run() -> None:
    """The address is what counts."""
