"""A conversation in the form in which its own tab carries it to another replica of the page.

The tab can read it, as its reader can on the page; the seal keeps anybody from altering it. Replicas share the secret.
"""

import time
from dataclasses import dataclass

from pydantic import TypeAdapter

from rag.sealing import derived, sealed, unsealed
from rag.settings import PageSettings
from rag.types import Answer, ArticleId
from ui.session import MAX_TURNS, Exchange, Session

CARRIED_S = 30 * 60.0
"""How long a tab may take to bring its conversation back, in seconds: as long as a process keeps one."""

CLOCKS_S = 60.0
"""How far the clocks of two machines may be apart, in seconds."""

INTERRUPTED = "The connection was lost before there was an answer. Please ask again."


@dataclass(frozen=True, slots=True)
class Carried:
    """What a tab carries.

    Attributes:
        exchanges: the newest of the conversation, oldest first.
        pinned: the urgent answer that stands, or None.
        within: the only article that is asked, as its id and title, or None for all.
        asked: a question that is being answered, or None.
        version: counts the changes of the conversation.
        written: when it was sealed, in seconds since 1970.
    """

    exchanges: list[Exchange]
    pinned: Answer | None
    within: tuple[ArticleId, str] | None
    asked: str | None
    version: int
    written: float


_FORM = TypeAdapter(Carried)


def carrying_key(page: PageSettings) -> bytes | None:
    """Return the key for what tabs carry; None where the replicas share no secret and tabs carry nothing."""
    return None if page.secret is None else derived(page.secret.get_secret_value(), "conversation")


def packed(session: Session, key: bytes, *, asked: str | None = None) -> str:
    """Return a conversation for its tab, with the question that is about to be answered."""
    exchanges = session.exchanges[-MAX_TURNS // 2 :]
    carried = Carried(exchanges, session.pinned, session.within, asked, session.version, time.time())
    return sealed(_FORM.dump_json(carried), key)


def unpacked(text: str, key: bytes) -> Session | None:
    """Return the conversation that a tab brings; None when it is not one of ours or too old."""
    data = unsealed(text, key)
    if data is None:
        return None
    try:
        carried = _FORM.validate_json(data)
    except ValueError:  # sealed by another version of the program
        return None
    if not -CLOCKS_S <= time.time() - carried.written <= CARRIED_S:
        return None
    session = Session(
        exchanges=carried.exchanges, pinned=carried.pinned, within=carried.within, version=carried.version
    )
    if carried.asked is not None:
        session.begin(carried.asked).note = INTERRUPTED
    return session
