"""Settings: environment `CITEWELL_…`, then `.env`, then the defaults here; flags of a command come first.

Nested settings are written with two underscores: `CITEWELL_INDEX__PATH=/srv/index`.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError

from rag.errors import SettingsError
from rag.index_settings import IndexSettings, RaySettings
from rag.serving_settings import FeedbackSettings, LogSettings, MetricsSettings, PageSettings
from rag.setting_section import Section

__all__ = [
    "AnswerSettings",
    "ChatSettings",
    "ChunkSection",
    "CorpusSettings",
    "EncoderSettings",
    "FeedbackSettings",
    "IndexSettings",
    "LogSettings",
    "MetricsSettings",
    "PageSettings",
    "RaySettings",
    "SafetySettings",
    "Settings",
    "get_settings",
    "setting_names",
]

PREFIX = "CITEWELL_"
DELIMITER = "__"
ENV_FILE = ".env"


class CorpusSettings(Section):
    """The collection."""

    path: Annotated[Path, Field(description="folder with the articles")] = Path("corpus")
    max_file_mb: Annotated[int, Field(ge=1, le=1000, description="largest file that is read, in MiB")] = 20
    max_unpacked_mb: Annotated[
        int, Field(ge=1, le=10000, description="what a Word or EPUB file may unpack to, in MiB")
    ] = 100
    max_characters: Annotated[int, Field(ge=1000, le=50_000_000, description="longest text of an article")] = 1_000_000
    max_blocks: Annotated[int, Field(ge=10, le=1_000_000, description="most paragraphs and list items")] = 20_000
    max_headings: Annotated[int, Field(ge=10, le=1_000_000, description="most headings of an article")] = 2_000
    max_pages: Annotated[int, Field(ge=1, le=100_000, description="most pages of a PDF")] = 1_000
    max_entries: Annotated[int, Field(ge=1, le=1_000_000, description="most entries of a feed or export")] = 5_000
    timeout_s: Annotated[float, Field(gt=0, le=3600, description="seconds for reading one file")] = 30.0
    memory_mb: Annotated[
        int, Field(ge=256, le=65_536, description="memory of the process that reads risky formats, in MiB")
    ] = 512


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
    batch_size: Annotated[int, Field(ge=1, le=1024, description="texts embedded together")] = 8


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
        str | None,
        Field(
            pattern=r"^https?://[^\s/@]+(?:/[^\s@]*)?$",  # no user or password: addresses are shown, keys are not
            description="address of an OpenAI-compatible server, such as http://localhost:8080/v1",
        ),
    ] = None
    api_key: Annotated[SecretStr | None, Field(description="key for the model; never shown")] = None
    timeout_s: Annotated[float, Field(gt=0, le=600, description="seconds to wait for the model's whole answer")] = 60.0
    rewrite_follow_ups: Annotated[
        bool, Field(description="true has the model make follow-up questions self-contained for searching")
    ] = False


class Settings(Section):
    """All settings, read once."""

    corpus: CorpusSettings = CorpusSettings()
    index: IndexSettings = IndexSettings()
    ray: RaySettings = RaySettings()
    chunk: ChunkSection = ChunkSection()
    encoder: EncoderSettings = EncoderSettings()
    answer: AnswerSettings = AnswerSettings()
    safety: SafetySettings = SafetySettings()
    chat: ChatSettings = ChatSettings()
    page: PageSettings = PageSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsError: a value is out of range, or a `CITEWELL_` name is not a setting.
    """
    _refuse_unknown_names()
    try:
        return Settings.model_validate(_given())
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
            name = f"{PREFIX}{section_name}{DELIMITER}{field_name}".upper()
            default = "" if field.default is None else str(field.default)
            found[name] = (default, field.description or "")
    return found


def _given() -> dict[str, dict[str, str]]:
    """What environment and `.env` say, by section and field; empty values count as not given.

    pydantic-settings does the same and more, and takes longer to import than a question takes to answer.
    """
    named = {**_of_file(Path(ENV_FILE)), **os.environ}
    by_name = {name.upper(): value for name, value in named.items() if value}
    found: dict[str, dict[str, str]] = {}
    for name in setting_names():
        if name in by_name:
            section, field = name.removeprefix(PREFIX).lower().split(DELIMITER)
            found.setdefault(section, {})[field] = by_name[name]
    return found


def _of_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values  # most machines have no such file

    return {name: value for name, value in dotenv_values(path, encoding="utf-8").items() if value}


def _refuse_unknown_names() -> None:
    known = set(setting_names())
    for name in os.environ:
        upper = name.upper()
        if upper.startswith(PREFIX) and upper not in known:
            raise SettingsError(f"{name} is not a setting; run: citewell settings")
