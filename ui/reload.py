"""Find a conversation again: after a reload in this process's memory, on another replica in what the tab carries.

The tab keeps a random name. Where the replicas share a secret it also carries the conversation, sealed; else only a
mark that there was one, so that its reader is told when it is gone.
"""

import copy
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping

import streamlit as st

from ui.carrying import packed, unpacked
from ui.session import Session, put_session

KEPT_S = 30 * 60.0
"""How long a conversation is kept after its last question, in seconds."""

KEPT_AT_MOST = 500
_NAME = re.compile(r"[0-9a-f]{32}")
_COMPONENT, _KEY = "citewell_tab", "tab"

_SCRIPT = """
export default function ({ data, setTriggerValue }) {
  const key = "citewell-tab", talkKey = "citewell-talk";
  const own = (window.citewellTab = window.citewellTab || {});
  let name = null;
  try {
    name = sessionStorage.getItem(key);
    if (!name) {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      name = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      sessionStorage.setItem(key, name);
    }
    if (name === data.known && data.talk) {
      sessionStorage.setItem(talkKey, data.talk);
    } else if (name === data.known) {
      sessionStorage.removeItem(talkKey);
    }
  } catch { if (!name) { return; } }
  own.known = data.known;
  own.tell = () => {
    let talk = "";
    try { talk = sessionStorage.getItem(talkKey) || ""; } catch {}
    setTriggerValue("tab", { name, talk });
  };
  own.say = () => {
    own.tell();
    clearTimeout(own.again);
    own.again = setTimeout(() => { own.again = 0; if (own.known !== name) { own.tell(); } }, 5000);
  };
  if (name !== data.known && !own.again) { own.say(); }
  const app = document.querySelector("[data-test-connection-state]");
  if (app && !own.watching) {
    let before = app.dataset.testConnectionState;
    own.watching = new MutationObserver(() => {
      const now = app.dataset.testConnectionState;
      if (now === "CONNECTED" && before !== now) { own.say(); }
      before = now;
    });
    own.watching.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  }
}
"""
"""Fixed text of our own. `sessionStorage` belongs to one tab, survives its reload and ends with it; where a browser
forbids it, as some do in frames of other sites, a reload begins anew. After a lost connection Streamlit leaves the page
as it was and runs nothing before the next click, perhaps on a replica that does not know the tab; so the tab says its
name at once, and again only where that was not heard: it starts a run of the page, which would stop an answer that is
under way."""

_TALKED = "1"
"""What a tab keeps in place of the conversation where it is not to carry it."""


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


def find_again(session: Session, key: bytes | None = None, *, asked: str | None = None) -> Session:
    """Return the conversation of this tab: the given one, or the one that stood here before a reload or a reconnection.

    Args:
        session: the conversation of this run.
        key: seals what the tab carries; None when it is to carry nothing.
        asked: the question that this run is going to answer, or None.
    """
    ask_tab = st.components.v2.component(_COMPONENT, js=_SCRIPT)
    data = {"known": session.tab, "talk": _talk(session, key, asked) if session.tab is not None else ""}
    with st.container(key="tab-name"):
        brought = getattr(ask_tab(key=_KEY, data=data, on_tab_change=_nothing), "tab", None)
    name, talk = (brought.get("name"), brought.get("talk")) if isinstance(brought, Mapping) else (None, None)
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name == session.tab:
        return session
    before = _newest(name, talk if isinstance(talk, str) else "", key)
    if before is not None:
        before.go_on_with(session)
        # What the reader did since the reload stands: an article that was chosen, a question that waits.
        before.within = session.within or before.within
        before.waiting, before.link_taken = session.waiting, session.link_taken
        put_session(before)
        session = before
    elif talk and not session.exchanges:
        session.lost = True
    session.tab = name
    return session


def _talk(session: Session, key: bytes | None, asked: str | None) -> str:
    """What the tab is to carry: nothing while there is no conversation."""
    if not session.exchanges and asked is None:
        return ""
    return _TALKED if key is None else packed(session, key, asked=asked)


def _newest(name: str, talk: str, key: bytes | None) -> Session | None:
    """The newer of the conversation that is kept here and the one that the tab brings."""
    kept = shared_sessions().find(name)
    brought = unpacked(talk, key) if key is not None and talk != _TALKED else None
    if kept is None or brought is None:
        return kept or brought
    return brought if brought.version > kept.version else kept


def keep(session: Session) -> None:
    """Keep the conversation for a reload of its tab."""
    if session.tab is not None:
        shared_sessions().keep(session.tab, session)


def _nothing() -> None:
    """The next run takes the name."""
