"""Starting the page."""

import socket
import tomllib
from pathlib import Path

import pytest

from rag.errors import SettingsError
from ui.__main__ import QUIET, check_free, is_loopback, main
from ui.asgi import address, reachable

CONFIG = Path(__file__).parent.parent.parent / ".streamlit" / "config.toml"


def test_a_taken_port_is_one_line_with_another_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"port {port}" in error
    assert "citewell serve --port" in error


def test_a_port_out_of_range_and_a_foreign_address_are_refused() -> None:
    with pytest.raises(SettingsError, match="out of range"):
        check_free("127.0.0.1", 70000)
    assert main(["--port", "0"]) == 1
    with pytest.raises(SettingsError, match="cannot listen on 192\\.0\\.2\\.1"):
        check_free("192.0.2.1", 8501)


def test_a_wrong_setting_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CITEWELL_PAGE__PORT", "0")
    assert main([]) == 1
    assert "CITEWELL_PAGE__PORT" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "loopback", "shown"),
    [
        ("127.0.0.1", True, "http://127.0.0.1:8501"),
        ("localhost", True, "http://localhost:8501"),
        ("::1", True, "http://[::1]:8501"),
        ("0.0.0.0", False, "http://127.0.0.1:8501"),  # noqa: S104 - nothing is bound
        ("page.example", False, "http://page.example:8501"),
    ],
)
def test_addresses(host: str, loopback: bool, shown: str) -> None:
    assert is_loopback(host) is loopback
    assert address(host, 8501) == shown
    assert reachable(host) != "0.0.0.0"  # noqa: S104 - nothing is bound


def test_the_start_and_the_configuration_file_agree_on_privacy() -> None:
    found = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    assert found["server"]["address"] == "127.0.0.1"
    for name, value in QUIET.items():
        section, option = name.split(".")
        assert found[section][option] == value
