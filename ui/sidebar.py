"""The side of the page: country, clear, keep."""

from collections.abc import Callable, Sequence

import streamlit as st

from rag.errors import CitewellError
from rag.settings import Settings
from ui.export import conversation_markdown
from ui.print_view import conversation_html
from ui.regions import region_names
from ui.session import Exchange, Session

REGION_KEY = "region"
"""Also the name in the page's address (with the country's name), so that the choice survives a reload."""

ANYWHERE = "any"


def chosen_region() -> str | None:
    """Return the country code that the reader chose, None for none."""
    value = st.session_state.get(REGION_KEY)
    return value if isinstance(value, str) and value != ANYWHERE else None


def show_sidebar(session: Session, settings: Settings) -> None:
    """Show the choices beside the conversation."""
    with st.sidebar:
        _choose_region(settings)
        st.button(
            "Clear conversation",
            icon=":material/delete_sweep:",
            on_click=session.clear,
            disabled=not session.exchanges,
            width="stretch",
        )
        _offer(
            session,
            "Download as text",
            "conversation.md",
            "text/markdown",
            conversation_markdown,
            ":material/download:",
        )
        _offer(session, "Download to print", "conversation.html", "text/html", conversation_html, ":material/print:")
        st.html(
            f'<p class="cw-notice">The conversation belongs to this tab. {_kept(settings)} holds it for half an hour, '
            "so that a reload finds it. Download it to keep it.</p>"
        )


def _kept(settings: Settings) -> str:
    """Where a conversation is: with several replicas the browser keeps it as well."""
    if settings.page.secret is None:
        return "It is stored nowhere; the memory of this machine"
    return "This browser keeps it until the tab is closed; the memory of the page's machine"


def _offer(
    session: Session, label: str, name: str, kind: str, make: Callable[[Sequence[Exchange]], str], icon: str
) -> None:
    """Offer the conversation as a file, which is made when it is asked for."""
    st.download_button(
        label,
        data=lambda: make(session.exchanges),
        file_name=name,
        mime=kind,
        icon=icon,
        on_click="ignore",
        disabled=not session.exchanges,
        width="stretch",
    )


def _choose_region(settings: Settings) -> None:
    try:
        names = region_names()
    except CitewellError:
        return  # the answerer reports the same problem with its mend
    default = (settings.safety.region or "").upper()
    options = [ANYWHERE, *names]
    st.selectbox(
        "Country, for emergency numbers",
        options,
        index=options.index(default) if default in names else 0,
        format_func=lambda code: "Not chosen" if code == ANYWHERE else names[code],
        key=REGION_KEY,
        bind="query-params",
        persist_state="session",
    )
