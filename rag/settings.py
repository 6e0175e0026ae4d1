"""Settings: environment `CITEWELL_…`, then `.env`, then the defaults here; flags of a command come first.

Nested settings are written with two underscores: `CITEWELL_INDEX__PATH=/srv/index`.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

PREFIX = "CITEWELL_"


class Section(BaseModel):
    """A group of settings: fixed once read, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CorpusSettings(Section):
    """The collection."""

    path: Annotated[Path, Field(description="folder with the articles")] = Path("corpus")


class IndexSettings(Section):
    """The saved index."""

    path: Annotated[Path, Field(description="folder of the index")] = Path(".citewell/index")
    lock_timeout_s: Annotated[
        float, Field(ge=0, le=3600, description="seconds to wait for another process that builds the index")
    ] = 30.0


class ChunkSection(Section):
    """How articles are cut."""

    target_tokens: Annotated[
        int, Field(ge=32, le=512, description="word pieces after which a passage is closed at the next paragraph")
    ] = 160


class EncoderSettings(Section):
    """The embedding model."""

    model: Annotated[
        str, Field(min_length=1, description="all-MiniLM-L6-v2 (bundled), a folder, or a sentence-transformers name")
    ] = "all-MiniLM-L6-v2"
    batch_size: Annotated[int, Field(ge=1, le=1024, description="texts embedded together")] = 32


class AnswerSettings(Section):
    """How answers are made."""

    mode: Annotated[
        Literal["auto", "quoting", "writing"],
        Field(description="quoting, writing (needs a chat model), or auto: writing where a chat model is named"),
    ] = "auto"
    max_sentences: Annotated[int, Field(ge=1, le=12, description="sentences of an answer at most")] = 6
    max_words: Annotated[int, Field(ge=30, le=400, description="words of an answer, about")] = 150
    candidates: Annotated[int, Field(ge=1, le=100, description="passages looked at for one answer")] = 12


class SafetySettings(Section):
    """Warning signs."""

    region: Annotated[
        str | None, Field(description="country code for emergency numbers, such as GB or US; empty shows a table")
    ] = None


class ChatSettings(Section):
    """An optional chat model; without one, answers quote."""

    model: Annotated[
        str | None, Field(description="LangChain's init_chat_model name, such as openai:gpt-4o-mini; empty quotes")
    ] = None
    base_url: Annotated[
        str | None, Field(description="address of an OpenAI-compatible server, such as http://localhost:8080/v1")
    ] = None
    api_key: Annotated[SecretStr | None, Field(description="key for the model; never shown")] = None
    timeout_s: Annotated[float, Field(gt=0, le=600, description="seconds to wait for the model's whole answer")] = 60.0
    rewrite_follow_ups: Annotated[
        bool, Field(description="true has the model make follow-up questions self-contained for searching")
    ] = False

    @field_validator("base_url")
    @classmethod
    def _plain_address(cls, value: str | None) -> str | None:
        """Refuse what is no web address, and a password within one: addresses are shown, keys are not."""
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            # PydanticCustomError keeps the value out of the message.
            raise PydanticCustomError(
                "address",
                "expected http://… or https://… without user or password; keys go into CITEWELL_CHAT__API_KEY",
            )
        return value


class PageSettings(Section):
    """The chat page."""

    host: Annotated[str, Field(description="address the server listens on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="port the server listens on")] = 8501
    max_question_chars: Annotated[int, Field(ge=50, le=20000, description="longest question taken")] = 2000
    maintainer: Annotated[bool, Field(description="true adds a page with saved evaluation reports")] = False
    reports: Annotated[Path, Field(description="folder with saved evaluation reports")] = Path(".citewell/reports")


class LogSettings(Section):
    """Logging: stages, counts and milliseconds, never what a person asked or was told."""

    level: Annotated[
        str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR")
    ] = "WARNING"


class Settings(BaseSettings):
    """All settings, read once."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",  # a .env file may serve other programs too; leftovers of ours are refused below
    )

    corpus: CorpusSettings = CorpusSettings()
    index: IndexSettings = IndexSettings()
    chunk: ChunkSection = ChunkSection()
    encoder: EncoderSettings = EncoderSettings()
    answer: AnswerSettings = AnswerSettings()
    safety: SafetySettings = SafetySettings()
    chat: ChatSettings = ChatSettings()
    page: PageSettings = PageSettings()
    log: LogSettings = LogSettings()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsError: a value is out of range, or a `CITEWELL_` name is not a setting.
    """
    _refuse_unknown_names()
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "__".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}: {first['msg']}; run: citewell settings") from None
    except ValueError as error:
        raise SettingsError(
            f"settings cannot be read ({type(error).__name__}); check .env and {PREFIX}… names"
        ) from None


def setting_names() -> dict[str, tuple[str, str]]:
    """Return every setting's environment name with its default and description."""
    found: dict[str, tuple[str, str]] = {}
    for section_name, section in Settings.model_fields.items():
        model = section.annotation
        if not (isinstance(model, type) and issubclass(model, Section)):  # pragma: no cover - all are sections
            continue
        for field_name, field in model.model_fields.items():
            name = f"{PREFIX}{section_name}__{field_name}".upper()
            default = "" if field.default is None else str(field.default)
            found[name] = (default, field.description or "")
    return found


def _refuse_unknown_names() -> None:
    known = set(setting_names())
    for name in os.environ:
        upper = name.upper()
        if upper.startswith(PREFIX) and upper not in known:
            raise SettingsError(f"{name} is not a setting; run: citewell settings")
