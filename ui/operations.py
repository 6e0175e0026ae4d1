"""What those who run the page read of it: `/ready`, and `/metrics` where they are switched on."""

import hmac
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import SettingsError
from rag.index.manifest import Manifest
from rag.serving_settings import MetricsSettings
from ui.engine_checks import engine_checks
from ui.observing import Recorder, shared_recorder
from ui.readiness import OK, Readiness
from ui.resources import Engine, shared_engine

UNCACHED = {"Cache-Control": "no-store"}


class CountReaders:
    """Counts the tabs that are connected."""

    def __init__(self, app: ASGIApp, recorder: Recorder) -> None:
        self._app = app
        self._recorder = recorder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a WebSocket counts while it is open."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        self._recorder.came()
        try:
            await self._app(scope, receive, send)
        finally:
            self._recorder.left()


def ready_route(find_engine: Callable[[], Engine] = shared_engine) -> Route:
    """Return the path that says whether this process can answer readers."""
    readiness = Readiness(engine_checks(find_engine))

    async def ready(request: Request) -> Response:
        only = [name for name in request.query_params.get("only", "").split(",") if name]
        unknown = sorted(set(only) - set(readiness.names))
        if unknown:
            message = f"only= takes {', '.join(readiness.names)}"
            return PlainTextResponse(message, status_code=400, headers=UNCACHED)
        found = await readiness.report(only)
        fine = all(one == OK for one in found.values())
        return JSONResponse({"ready": fine, "checks": found}, status_code=200 if fine else 503, headers=UNCACHED)

    return Route("/ready", ready, methods=["GET"])


def metrics_routes(settings: MetricsSettings, find_engine: Callable[[], Engine] = shared_engine) -> list[Route]:
    """Return the path of the metrics where the page is to give them; start their own port where that is named.

    Raises:
        SettingsError: it is not said who may read them, the port is taken, or prometheus-client is not installed.
    """
    if not settings.enabled:
        return []
    if settings.port is None and settings.token is None:
        raise SettingsError(
            "CITEWELL_METRICS__ENABLED=true needs CITEWELL_METRICS__PORT, a port of their own on this machine, or "
            "CITEWELL_METRICS__TOKEN, which whoever reads /metrics of the page must send"
        )
    try:
        from ui.metrics import Metrics  # prometheus-client is an extra
    except ImportError as error:
        raise SettingsError(
            f"CITEWELL_METRICS__ENABLED=true needs a package that is not installed ({error.name}); "
            "run: pip install 'citewell[metrics]'"
        ) from None
    metrics = shared_recorder()
    if not isinstance(metrics, Metrics):  # pragma: no cover - both read the same settings
        raise SettingsError("CITEWELL_METRICS__ENABLED was changed while the page was starting; start it again")

    def current() -> Manifest | None:
        answerer = find_engine().answerer
        return answerer.reader.manifest if answerer is not None else None

    metrics.watch_index(current)
    if settings.port is not None:
        _serve_apart(metrics.registry, settings.host, settings.port)
        return []
    expected = settings.token.get_secret_value() if settings.token is not None else ""

    async def read(request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), expected.encode()):
            headers = {**UNCACHED, "WWW-Authenticate": "Bearer"}
            return PlainTextResponse("a token is needed\n", status_code=401, headers=headers)
        text, media_type = await run_in_threadpool(metrics.text, request.headers.get("accept", ""))
        return Response(text, headers={**UNCACHED, "Content-Type": media_type})

    return [Route("/metrics", read, methods=["GET"])]


def _serve_apart(registry: Any, host: str, port: int) -> None:  # noqa: ANN401 - a type of the extra
    from prometheus_client import start_http_server

    try:
        start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        raise SettingsError(
            f"the metrics cannot listen on {host} port {port} ({error.strerror or error}); "
            "set CITEWELL_METRICS__PORT to a free one"
        ) from None
