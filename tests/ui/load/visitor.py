"""One reader's connection: the page's messages, sent and understood as a browser does."""

import asyncio
import html
import json
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import regex
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

MAX_BYTES = 50 * 1024 * 1024
QUESTION = regex.compile(r'<p class="cw-question">(.*?)</p>', regex.DOTALL)
REPLY = regex.compile(r'<div class="cw-(?:answer|abstention|urgent)[^"]*".*', regex.DOTALL)
NUMBERS = regex.compile(r"cw-(passage|sources)-\d+")


@dataclass
class Tab:
    """What a browser keeps for one tab, across connections.

    Attributes:
        number: tells it from other tabs.
        talk: what the page had it carry.
    """

    number: int
    talk: str = ""

    @property
    def name(self) -> str:
        """The random name of the tab."""
        return f"{self.number:032x}"


class PageError(Exception):
    """The page showed an error, or ended the connection."""


class Visitor:
    """A tab of a browser, as far as the server sees one."""

    def __init__(self, address: str, *, timeout_s: float, tab: Tab | None = None) -> None:
        """Prepare a visit.

        Args:
            address: of the page, or of a proxy before it.
            timeout_s: seconds to wait for each run of the page.
            tab: a tab that says its name and carries what the page gives it; it has the proxy's cookie, too.
        """
        self._address = address
        self._tab = tab
        self._timeout_s = timeout_s
        self._connection: ClientConnection | None = None
        self._elements: dict[tuple[int, ...], Element] = {}
        self._page_hash = ""

    async def __aenter__(self) -> Self:
        """Open the tab and wait until the page stands."""
        url = self._address.replace("http://", "ws://") + "/_stcore/stream"
        self._connection = await connect(
            url,
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(self._address),
            max_size=MAX_BYTES,
            open_timeout=self._timeout_s,
            additional_headers={"Cookie": f"citewell_reader={self._tab.name}"} if self._tab else None,
        )
        await self._run(WidgetStates())
        if self._tab is not None:
            await self._say_name(self._tab)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the tab."""
        if self._connection is not None:
            await self._connection.close()

    @property
    def questions(self) -> list[str]:
        """What was asked, as the page shows it."""
        return [html.unescape(found) for text in self._texts() for found in QUESTION.findall(text)]

    @property
    def replies(self) -> list[str]:
        """The replies on the page, without what differs from turn to turn."""
        return [NUMBERS.sub(r"cw-\1", found) for text in self._texts() for found in REPLY.findall(text)]

    async def ask(self, question: str) -> None:
        """Type a question and wait until its reply stands.

        Raises:
            PageError: the page has no place to type, showed an error, or closed.
        """
        state = WidgetStates()
        widget = state.widgets.add()
        widget.id = next((one.chat_input.id for one in self._elements.values() if one.HasField("chat_input")), "")
        if not widget.id:
            raise PageError("the page has no place to type")
        widget.chat_input_value.data = question
        await self._run(state)

    async def _say_name(self, tab: Tab) -> None:
        """Do what the script of the page does in a tab that the page does not know."""
        component = self._component()
        if component is None:
            raise PageError("the page does not ask for the tab's name")
        state = WidgetStates()
        widget = state.widgets.add()
        widget.id = _make_trigger_id(component.id, "events")
        widget.json_trigger_value = json.dumps([{"event": "tab", "value": {"name": tab.name, "talk": tab.talk}}])
        await self._run(state)

    def _component(self) -> BidiComponent | None:
        return next((one.bidi_component for one in self._elements.values() if one.HasField("bidi_component")), None)

    def _carry(self) -> None:
        """Have the tab keep what the page gives it."""
        component = self._component()
        if self._tab is None or component is None:
            return
        data = json.loads(component.json or component.mixed.json)
        if data["known"] == self._tab.name:
            self._tab.talk = data["talk"]

    async def _run(self, state: WidgetStates) -> None:
        """Have the page run and take in what it sends until it has finished."""
        connection = self._connection
        if connection is None:
            raise PageError("the tab is not open")
        message = BackMsg()
        message.rerun_script.widget_states.CopyFrom(state)
        message.rerun_script.page_script_hash = self._page_hash
        await connection.send(message.SerializeToString())
        async with asyncio.timeout(self._timeout_s):
            while not self._take(await connection.recv()):
                pass

    def _take(self, data: str | bytes) -> bool:
        """Take in one message; whether the page has finished, with nothing more to come."""
        message = ForwardMsg()
        message.ParseFromString(data if isinstance(data, bytes) else data.encode())
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._elements.clear()
            self._page_hash = message.new_session.page_script_hash
        elif kind == "delta":
            self._place(tuple(message.metadata.delta_path), message)
        return kind == "script_finished" and message.script_finished in (
            ForwardMsg.FINISHED_SUCCESSFULLY,
            ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
        )

    def _place(self, path: tuple[int, ...], message: ForwardMsg) -> None:
        if message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        if element.HasField("exception"):
            raise PageError(element.exception.message or element.exception.type)
        self._elements[path] = element
        if element.HasField("bidi_component"):
            self._carry()

    def _texts(self) -> list[str]:
        """All app-written HTML on the page, from top to bottom."""
        return [one.html.body for _, one in sorted(self._elements.items()) if one.HasField("html")]
