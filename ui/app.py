"""The page script that Streamlit runs for every visit and every click; never imported."""

from pathlib import Path

import streamlit as st

from ui.chat import show_chat
from ui.evaluation import evaluation_page, is_for_maintainers
from ui.library import library_page

st.set_page_config(page_title="Citewell", page_icon="📗", layout="centered", initial_sidebar_state="auto")
st.html(Path(__file__).with_name("page.css"))
pages = [st.Page(show_chat, title="Ask", icon=":material/forum:", default=True), library_page()]
if is_for_maintainers():
    pages.append(evaluation_page())
st.navigation(pages, position="hidden" if st.context.is_embedded else "top").run()
