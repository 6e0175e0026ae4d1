"""Settings of a running program as they stand in an environment."""

import pytest

from rag.errors import SettingsError
from rag.settings import get_settings


@pytest.mark.parametrize("text", ['["ann@example.org", "bo@example.org"]', "ann@example.org, bo@example.org"])
def test_list_is_read_as_json_or_with_commas(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CITEWELL_PAGE__MAINTAINERS", text)

    assert get_settings().page.maintainers == ("ann@example.org", "bo@example.org")


def test_malformed_list_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_PAGE__NAMES", '["answers.example.org"')

    with pytest.raises(SettingsError, match="CITEWELL_PAGE__NAMES"):
        get_settings()


def test_short_secret_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_PAGE__SECRET", "too-short")

    with pytest.raises(SettingsError, match="CITEWELL_PAGE__SECRET") as caught:
        get_settings()

    assert "too-short" not in str(caught.value)
