"""Which maintainers' pages there are; each of them asks for the sign-in first."""

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from rag.errors import CitewellError
from ui.maintainers.evaluation import show_evaluation
from ui.maintainers.feedback import show_feedback
from ui.maintainers.gate import let_in
from ui.maintainers.index_status import show_index_status
from ui.notices import problem_html
from ui.resources import current_engine

_PAGES = (
    (show_evaluation, "Evaluation", ":material/monitoring:", "evaluation"),
    (show_feedback, "Feedback", ":material/thumbs_up_down:", "feedback"),
    (show_index_status, "Index", ":material/database:", "index-status"),
)


def maintainers_pages() -> list[StreamlitPage]:
    """Return the pages for the navigation; none unless the settings ask for them and can be read."""
    try:
        if not current_engine().settings.page.maintainer:
            return []
    except CitewellError:
        return []  # the chat page says what is wrong with them
    return [st.Page(_behind_gate(show), title=title, icon=icon, url_path=path) for show, title, icon, path in _PAGES]


def _behind_gate(show: Callable[[], None]) -> Callable[[], None]:
    def page() -> None:
        try:
            if let_in(current_engine().settings.page):
                show()
        except CitewellError as error:
            st.html(problem_html(str(error)))
            st.button("Try again", icon=":material/refresh:")

    return page
