"""The sign-in of the maintainers' pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from rag.passwords import hashed
from rag.settings import PageSettings, Settings
from tests.ui.conftest import html_of
from tests.ui.made import MadeEngine, made_answer
from ui.maintainers.attempts import LIMIT
from ui.maintainers.gate import shared_attempts
from ui.resources import ENGINE_KEY

PASSWORD = "harbour and sea"  # noqa: S105 - made up


@pytest.fixture(autouse=True)
def _fresh_attempts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No attempts yet, all from one address: a page in this process has none."""
    monkeypatch.setattr("ui.maintainers.gate.client", lambda: "192.0.2.7")
    shared_attempts.clear()
    yield
    shared_attempts.clear()


def _gated() -> None:
    import streamlit as st

    from ui.maintainers.gate import let_in
    from ui.resources import current_engine

    if let_in(current_engine().settings.page):
        st.title("inside")


def open_gate(page: PageSettings, **secrets: object) -> AppTest:
    engine = MadeEngine([made_answer()])
    engine.settings = Settings(page=page)
    test = AppTest.from_function(_gated, default_timeout=180)
    test.session_state[ENGINE_KEY] = engine
    for name, value in secrets.items():
        test.secrets[name] = value
    return test


def titles(page: AppTest) -> list[str]:
    assert not page.exception
    return [title.value for title in page.title]


def sign_in(page: AppTest, password: str) -> AppTest:
    page.text_input(key="password").set_value(password)
    return page.button[0].click().run()


@pytest.mark.parametrize("kept", [PASSWORD, hashed(PASSWORD)])
def test_the_password_opens_the_page_and_signing_out_closes_it(kept: str) -> None:
    page = open_gate(PageSettings(password=SecretStr(kept))).run()
    assert titles(page) == ["Maintainers"]

    sign_in(page, PASSWORD)
    assert titles(page) == ["inside"]

    next(button for button in page.button if button.label == "Sign out").click().run()
    assert titles(page) == ["Maintainers"]


def test_a_wrong_password_opens_nothing_and_is_not_shown() -> None:
    page = sign_in(open_gate(PageSettings(password=SecretStr(PASSWORD))).run(), "wrong harbour")

    assert titles(page) == ["Maintainers"]
    assert "That is not the password." in html_of(page)
    assert "harbour" not in html_of(page)


def test_too_many_wrong_passwords_close_the_door_to_the_right_one_as_well() -> None:
    page = open_gate(PageSettings(password=SecretStr(PASSWORD))).run()
    for _ in range(LIMIT):
        sign_in(page, "wrong")

    sign_in(page, PASSWORD)

    assert titles(page) == ["Maintainers"]
    assert "Too many wrong passwords. Please try again in 15 minutes." in html_of(page)


def test_without_a_password_nobody_is_let_in() -> None:
    page = open_gate(PageSettings()).run()

    assert titles(page) == ["Maintainers"]
    assert "citewell password" in html_of(page)
    assert len(page.text_input) == 0


def test_the_password_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"CITEWELL_PAGE__PASSWORD={hashed(PASSWORD)}\n")
    page = sign_in(open_gate(PageSettings(password_file=file)).run(), PASSWORD)
    assert titles(page) == ["inside"]

    file.write_text("another password\n")

    assert titles(page.run()) == ["Maintainers"]


AUTH = {"redirect_uri": "http://127.0.0.1/oauth2callback", "cookie_secret": "x", "client_id": "x"}


@pytest.mark.parametrize(
    ("user", "title", "said"),
    [
        ({"is_logged_in": False}, "Maintainers", ""),
        ({"is_logged_in": True, "email": "Ann@example.org"}, "inside", ""),
        ({"is_logged_in": True, "email": "ben@example.org"}, "Maintainers", "ben@example.org is not among"),
        ({"is_logged_in": True, "email": "ann@example.org", "email_verified": False}, "Maintainers", "is not among"),
        ({"is_logged_in": True}, "Maintainers", "This account is not among"),
    ],
)
def test_a_provider_lets_in_the_named_addresses_only(user: dict[str, object], title: str, said: str) -> None:
    test = open_gate(PageSettings(maintainers=("ann@example.org",)), auth=AUTH)
    test.user = user
    page = test.run()

    assert titles(page) == [title]
    assert said in html_of(page)


def test_a_provider_without_named_maintainers_lets_nobody_in() -> None:
    test = open_gate(PageSettings(), auth=AUTH)
    test.user = {"is_logged_in": True, "email": "ann@example.org"}

    assert titles(test.run()) == ["Maintainers"]


def test_without_a_provider_the_password_counts() -> None:
    page = open_gate(PageSettings(maintainers=("ann@example.org",), password=SecretStr(PASSWORD))).run()

    assert titles(sign_in(page, PASSWORD)) == ["inside"]
