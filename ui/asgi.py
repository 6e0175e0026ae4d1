"""The web application around the page: security headers, and a line when it is ready."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.logs import Form, log_event
from rag.settings import Settings
from ui.observing import shared_recorder
from ui.operations import CountReaders, metrics_routes, ready_route

logger = logging.getLogger(__name__)

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self' 'unsafe-inline'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "connect-src 'self' ws: wss:",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
"""Nothing on the page may be fetched from elsewhere, whatever a text says; Streamlit's page needs inline scripts and
loads those of components, such as the one in `ui/reload.py`, from memory (`blob:`)."""

POLL_S = 0.1

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Adds the headers to every answer of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def make_app(host: str, port: int, settings: Settings, *, script: Path | None = None) -> st.App:
    """Return the web application.

    Args:
        host: address that it will listen on.
        port: port that it will listen on; the whole address is told once it answers.
        settings: say how that is told, and whether there are metrics.
        script: another page script than Citewell's own.

    Raises:
        SettingsError: metrics are wanted and cannot be given.
    """
    routes = [ready_route(), *metrics_routes(settings.metrics)]
    middleware = [Middleware(SecurityHeaders), Middleware(CountReaders, recorder=shared_recorder())]

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
        announcing = asyncio.create_task(_announce(host, port, settings.log.format))
        yield {}
        announcing.cancel()

    page = script or Path(__file__).with_name("app.py")
    return st.App(page, lifespan=lifespan, routes=routes, middleware=middleware)


async def _announce(host: str, port: int, form: Form) -> None:
    """Tell the address once the server takes connections there: in words, or in a log for machines as an event."""
    while True:
        try:
            _, writer = await asyncio.open_connection(reachable(host), port)
        except OSError:
            await asyncio.sleep(POLL_S)
            continue
        writer.close()
        if form == "json":
            log_event(logger, "listening", {"host": host, "port": port})
            return
        sys.stdout.write(f"Citewell is at {address(host, port)} (Ctrl-C ends it)\n")
        sys.stdout.flush()
        return


def reachable(host: str) -> str:
    """Return an address under which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - not bound here


def address(host: str, port: int) -> str:
    """Return the page's address for a browser on this machine."""
    found = reachable(host)
    return f"http://[{found}]:{port}" if ":" in found else f"http://{found}:{port}"
