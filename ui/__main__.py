"""`python -m ui`: serve the chat page, to this machine only unless told otherwise."""

import argparse
import contextlib
import gc
import ipaddress
import os
import socket
import sys
import threading
import time
import tomllib
from pathlib import Path

from rag.threads import calm_threads

calm_threads()

from rag.errors import CitewellError, SettingsError  # noqa: E402 - threads are set before torch may be imported
from rag.logs import configure_logging, use_root_handler  # noqa: E402
from rag.sealing import derived  # noqa: E402
from rag.settings import Settings, get_settings  # noqa: E402
from rag.tracing import forget_outdated_tracing  # noqa: E402

QUIET: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 1,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "logger.hideWelcomeMessage": True,
    "runner.postScriptGC": False,  # two thirds of the processor's time with 20 readers; see _collect_now_and_then
}
"""What holds wherever the page is started from; `.streamlit/config.toml` is read in its own folder only."""


COLLECT_EVERY_S = 10.0


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until it is stopped; return 0, or 1 with one line when it cannot be served."""
    parser = argparse.ArgumentParser(
        prog="python -m ui",
        description="Serve the Citewell chat page.",
        epilog="example: python -m ui --port 8600",
    )
    parser.add_argument("--host", help="address to listen on (default: CITEWELL_PAGE__HOST)")
    parser.add_argument("--port", type=int, help="port to listen on (default: CITEWELL_PAGE__PORT)")
    asked = parser.parse_args(arguments)
    forget_outdated_tracing()
    try:
        settings = get_settings()
        configure_logging(settings.log.level, form=settings.log.format)
        host = asked.host or settings.page.host
        port = settings.page.port if asked.port is None else asked.port
        check_free(host, port)
        serve(host, port, settings)
    except CitewellError as error:
        sys.stderr.write(f"citewell: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def check_free(host: str, port: int) -> None:
    """Make sure that the page can listen there.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    if not 1 <= port <= 65535:
        raise SettingsError(f"port {port} is out of range; choose one from 1 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            if os.name == "posix":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {host} port {port} ({error.strerror or error}); "
            f"run: citewell serve --port {port + 1 if port < 65535 else port - 1}"
        ) from None


def serve(host: str, port: int, settings: Settings) -> None:
    """Serve the page on an address until it is stopped.

    Raises:
        SettingsError: metrics are wanted and cannot be given.
    """
    secret = settings.page.secret
    if secret is not None:  # signs the cookies of `st.login`, for every replica alike; Streamlit takes it only so
        os.environ.setdefault("STREAMLIT_SERVER_COOKIE_SECRET", derived(secret.get_secret_value(), "cookies").hex())
    from ui.asgi import make_app  # Streamlit reads its configuration when it is imported

    if settings.log.format == "json":
        _log_servers_as_json()
    options = {**_theme(), **QUIET, "server.address": host, "server.port": port}
    if is_loopback(host):
        options["server.allowedHosts"] = ["localhost", "127.0.0.1", "[::1]", *settings.page.names]
    elif settings.page.names:
        options["server.allowedHosts"] = list(settings.page.names)
    app = make_app(host, port, settings)
    threading.Thread(target=_load_ahead, name="citewell-start", daemon=True).start()
    threading.Thread(target=_collect_now_and_then, name="citewell-collect", daemon=True).start()
    app.run(config=options)


def _log_servers_as_json() -> None:
    """Have the page's server use the JSON log.

    Streamlit makes its loggers one by one and gives each a handler; uvicorn sets up its own when it starts.
    """
    import streamlit.logger
    from uvicorn.config import LOGGING_CONFIG

    streamlit.logger.setup_formatter = use_root_handler
    streamlit.logger.update_formatter()
    LOGGING_CONFIG["loggers"] = {}


def _load_ahead() -> None:
    """Begin to load the model now rather than with the first visit; the page reports what goes wrong."""
    from ui.resources import shared_engine

    with contextlib.suppress(CitewellError):
        engine = shared_engine()
        engine.reader()
        engine.start()


def _collect_now_and_then() -> None:
    """Free what closed tabs leave behind: once for all readers instead of after every click of each of them."""
    while True:
        time.sleep(COLLECT_EVERY_S)
        gc.collect()


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _theme() -> dict[str, object]:
    """The page's colours, for a start from another folder."""
    path = Path(__file__).parent.parent / ".streamlit" / "config.toml"
    if not path.is_file():
        return {}
    found: dict[str, object] = {}

    def flatten(prefix: str, values: dict[str, object]) -> None:
        for name, value in values.items():
            if isinstance(value, dict):
                flatten(f"{prefix}.{name}", value)
            else:
                found[f"{prefix}.{name}"] = value

    flatten("theme", tomllib.loads(path.read_text(encoding="utf-8")).get("theme", {}))
    return found


if __name__ == "__main__":
    sys.exit(main())
