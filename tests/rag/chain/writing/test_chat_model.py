"""Chat models by name, and settings that cannot work, told in one line without the key."""

import pytest
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from rag.assemble_writer import make_writer
from rag.chain.writing.chat_model import load_chat_model
from rag.errors import SettingsError
from rag.settings import ChatSettings, Settings, get_settings
from tests.fakes import HashedEncoder

KEY = "sk-secret-4242"


@pytest.mark.parametrize("name", ["llama3.2:3b", "mistral", "openai:gpt-4o-mini", "org/model-7b"])
def test_server_with_an_address_takes_any_name(name: str) -> None:
    model = load_chat_model(name, base_url="http://127.0.0.1:9/v1", api_key=KEY)

    assert isinstance(model, ChatOpenAI)
    assert model.model_name == name.removeprefix("openai:")
    assert model.openai_api_base == "http://127.0.0.1:9/v1"


def test_key_of_the_environment_is_not_sent_to_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    model = load_chat_model("openai:m", base_url="http://127.0.0.1:9/v1")

    assert isinstance(model, ChatOpenAI)
    assert model.openai_api_key is not None
    assert not callable(model.openai_api_key)
    assert model.openai_api_key.get_secret_value() == "none"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("anthropic:claude-sonnet-4-5", "pip install langchain-anthropic"),
        ("nosuch:model", "expected a name such as"),
        ("no-such-model", "expected a name such as"),
        ("openai:gpt-4o-mini", "its key in CITEWELL_CHAT__API_KEY"),
    ],
)
def test_model_that_cannot_be_used_is_told_in_one_line(
    name: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    with pytest.raises(SettingsError, match=expected) as raised:
        load_chat_model(name)

    assert "\n" not in str(raised.value)
    assert name in str(raised.value)


def test_writing_without_a_model_says_which_setting_is_missing() -> None:
    with pytest.raises(SettingsError, match="CITEWELL_CHAT__MODEL"):
        make_writer(Settings(), HashedEncoder(), mode="writing")


@pytest.mark.parametrize("address", ["localhost:8080", "ftp://a/b", "http://me:pass-word@host/v1", "http://"])
def test_address_that_is_none_or_holds_a_password_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_CHAT__BASE_URL", address)

    with pytest.raises(SettingsError, match="CITEWELL_CHAT__BASE_URL") as raised:
        get_settings()

    assert "pass-word" not in str(raised.value)


def test_key_does_not_show_in_settings() -> None:
    settings = Settings(chat=ChatSettings(api_key=SecretStr(KEY)))

    assert KEY not in repr(settings) + str(settings.model_dump())
