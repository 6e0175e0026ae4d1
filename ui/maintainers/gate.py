"""The sign-in of the maintainers' pages: a password, or OpenID Connect through `st.login`."""

import hashlib
import logging
import math
from pathlib import Path

import streamlit as st

from rag.errors import SettingsError
from rag.passwords import MAX_CHARS, matches
from rag.settings import PageSettings
from ui.maintainers.attempts import Attempts
from ui.notices import problem_html
from ui.shown_text import as_html

logger = logging.getLogger(__name__)

_KEY = "citewell_maintainer"
NO_SIGN_IN = (
    "The maintainers' pages are on, but nobody can sign in: no password is set; "
    "run: citewell password >> .env, then start the page again"
)


@st.cache_resource(show_spinner=False)
def shared_attempts() -> Attempts:
    """Return the counter of this process."""
    return Attempts()


def let_in(page: PageSettings) -> bool:
    """Return whether the reader is signed in as a maintainer; if not, show how to sign in.

    Raises:
        SettingsError: the password is malformed, or its file cannot be read.
    """
    if page.maintainers and _has_provider():
        return _by_provider(page.maintainers)
    kept = kept_password(page)
    if kept is None:
        st.title("Maintainers", anchor=False)
        st.html(problem_html(NO_SIGN_IN))
        return False
    mark = hashlib.sha256(kept.encode()).hexdigest()  # a new password ends what the old one opened
    if st.session_state.get(_KEY) == mark:
        with st.sidebar:
            st.button("Sign out", icon=":material/logout:", on_click=_forget, width="stretch")
        return True
    if _ask_password(kept):
        st.session_state[_KEY] = mark
        st.rerun()
    return False


def kept_password(page: PageSettings) -> str | None:
    """Return the password of the settings or of the file that they name, None where there is none.

    Raises:
        SettingsError: the file cannot be read or is empty.
    """
    if page.password_file is not None:
        return _read(page.password_file)
    return page.password.get_secret_value() if page.password is not None else None


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"CITEWELL_PAGE__PASSWORD_FILE {path} cannot be read ({type(error).__name__}); name a readable file"
        ) from None
    if not text:
        raise SettingsError(f"CITEWELL_PAGE__PASSWORD_FILE {path} is empty; put the password into it")
    return text.removeprefix("CITEWELL_PAGE__PASSWORD=")


def _ask_password(kept: str) -> bool:
    st.title("Maintainers", anchor=False)
    attempts, who = shared_attempts(), client()
    with st.form("sign-in"):
        given = st.text_input("Password", type="password", max_chars=MAX_CHARS, key="password")
        sent = st.form_submit_button("Sign in", type="primary")
    wait_s = attempts.wait_s(who)
    if wait_s > 0:
        minutes = math.ceil(wait_s / 60)
        st.html(_said(f"Too many wrong passwords. Please try again in {minutes} minute{'' if minutes == 1 else 's'}."))
        return False
    if not sent:
        return False
    if matches(given or "", kept):
        attempts.passed(who)
        return True
    attempts.failed(who)
    logger.warning("a wrong password was given for the maintainers' pages")
    st.html(_said("That is not the password."))
    return False


def client() -> str:
    """Return what tells one visitor's machine from another's."""
    return st.context.ip_address or "this machine"


def _has_provider() -> bool:
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def _by_provider(maintainers: tuple[str, ...]) -> bool:
    """Sign in with the provider of `.streamlit/secrets.toml`; only the named addresses are let in."""
    if st.user.is_logged_in:
        address = str(st.user.get("email") or "")
        known = {one.casefold() for one in maintainers}
        with st.sidebar:
            st.button("Sign out", icon=":material/logout:", on_click=st.logout, width="stretch")
        if address.casefold() in known and st.user.get("email_verified", True) is not False:
            return True
        st.title("Maintainers", anchor=False)
        st.html(_said(f"{address or 'This account'} is not among the maintainers."))
        return False
    st.title("Maintainers", anchor=False)
    st.button("Sign in", icon=":material/login:", type="primary", on_click=st.login)
    return False


def _forget() -> None:
    st.session_state.pop(_KEY, None)


def _said(text: str) -> str:
    return f'<p class="cw-notice" role="alert">{as_html(text)}</p>'
