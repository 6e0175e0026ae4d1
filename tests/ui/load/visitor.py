"""One reader's connection: the page's messages, sent and understood as a browser does."""

import asyncio
import html
from types import TracebackType
from typing import Self

import regex
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

MAX_BYTES = 50 * 1024 * 1024
QUESTION = regex.compile(r'<p class="cw-question">(.*?)</p>', regex.DOTALL)
REPLY = regex.compile(r'<div class="cw-(?:answer|abstention|urgent)[^"]*".*', regex.DOTALL)
NUMBERS = regex.compile(r"cw-(passage|sources)-\d+")


class PageError(Exception):
    """The page showed an error, or ended the connection."""


class Visitor:
    """A tab of a browser, as far as the server sees one."""

    def __init__(self, address: str, *, timeout_s: float) -> None:
        self._address = address
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
        )
        await self._run(WidgetStates())
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

    def _texts(self) -> list[str]:
        """All app-written HTML on the page, from top to bottom."""
        return [one.html.body for _, one in sorted(self._elements.items()) if one.HasField("html")]
