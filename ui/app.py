"""The page script that Streamlit runs for every visit and every click; never imported."""

from pathlib import Path

import streamlit as st

from ui.chat import show_chat
from ui.library import library_page
from ui.maintainers.pages import maintainers_pages
from ui.places import ASK_ICON, ASK_TITLE

st.set_page_config(page_title="Citewell", page_icon="📗", layout="centered", initial_sidebar_state="auto")
st.html(Path(__file__).with_name("page.css"))
pages = [st.Page(show_chat, title=ASK_TITLE, icon=ASK_ICON, default=True), library_page(), *maintainers_pages()]
st.navigation(pages, position="hidden" if st.context.is_embedded else "top").run()
