"""Find a conversation again after a reload: the tab keeps a random name, this process the conversation."""

import copy
import re
import threading
import time
from collections import OrderedDict

import streamlit as st

from ui.session import Session, put_session

KEPT_S = 30 * 60.0
"""How long a conversation is kept after its last question, in seconds."""

KEPT_AT_MOST = 500
_NAME = re.compile(r"[0-9a-f]{32}")
_COMPONENT, _KEY = "citewell_tab", "tab"

_SCRIPT = """
export default function ({ data, setStateValue }) {
  const key = "citewell-tab";
  let name = null;
  try {
    name = sessionStorage.getItem(key);
    if (!name) {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      name = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      sessionStorage.setItem(key, name);
    }
  } catch { return; }
  if (name !== data.known) { setStateValue("name", name); }
}
"""
"""Fixed text of our own. `sessionStorage` belongs to one tab, survives its reload and ends with it; where a browser
forbids it, as some do in frames of other sites, a reload begins anew."""


class KeptSessions:
    """Conversations by the name of their tab, in memory only. Safe to share between threads."""

    def __init__(self, *, kept_s: float = KEPT_S, at_most: int = KEPT_AT_MOST) -> None:
        self._kept_s = kept_s
        self._at_most = at_most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Session, float]] = OrderedDict()

    def keep(self, name: str, session: Session) -> None:
        """Keep a conversation, or forget it where it is empty."""
        with self._lock:
            self._kept.pop(name, None)
            if session.exchanges:
                self._kept[name] = (session, time.monotonic())
            self._forget()

    def find(self, name: str) -> Session | None:
        """Return a copy of a tab's conversation: a doubled tab goes its own way."""
        with self._lock:
            self._forget()
            found = self._kept.get(name)
            return copy.deepcopy(found[0]) if found else None

    def _forget(self) -> None:
        oldest = time.monotonic() - self._kept_s
        while self._kept and (len(self._kept) > self._at_most or next(iter(self._kept.values()))[1] < oldest):
            self._kept.popitem(last=False)


@st.cache_resource(show_spinner=False)
def shared_sessions() -> KeptSessions:
    """Return the conversations of this process."""
    return KeptSessions()


def find_again(session: Session) -> Session:
    """Return the conversation of this tab: the given one, or the one that stood here before a reload."""
    ask_tab = st.components.v2.component(_COMPONENT, js=_SCRIPT)
    with st.container(key="tab-name"):
        name = getattr(ask_tab(key=_KEY, data={"known": session.tab}, on_name_change=_nothing), "name", None)
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name == session.tab:
        return session
    before = None if session.exchanges else shared_sessions().find(name)
    if before is not None:
        # What the reader did since the reload stands: an article that was chosen, a question that waits.
        before.within = session.within or before.within
        before.waiting, before.link_taken = session.waiting, session.link_taken
        put_session(before)
        session = before
    session.tab = name
    return session


def keep(session: Session) -> None:
    """Keep the conversation for a reload of its tab."""
    if session.tab is not None:
        shared_sessions().keep(session.tab, session)


def _nothing() -> None:
    """The next run takes the name."""
