"""The settings of a running program: the page, feedback, logs and metrics."""

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator

from rag.setting_section import Section


class PageSettings(Section):
    """The chat page."""

    host: Annotated[str, Field(description="address the server listens on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="port the server listens on")] = 8501
    max_question_chars: Annotated[int, Field(ge=50, le=20000, description="longest question taken")] = 2000
    max_questions_per_minute: Annotated[
        int, Field(ge=1, le=600, description="questions taken from one tab within a minute")
    ] = 12
    maintainer: Annotated[
        bool, Field(description="true adds the maintainers' pages; they need a password or a sign-in")
    ] = False
    password: Annotated[
        SecretStr | None,
        Field(description="password of the maintainers' pages: as citewell password prints it, or plain"),
    ] = None
    password_file: Annotated[
        Path | None, Field(description="file that holds that password, in place of CITEWELL_PAGE__PASSWORD")
    ] = None
    maintainers: Annotated[
        tuple[str, ...],
        Field(description='e-mail addresses that may sign in by st.login, such as ["ann@example.org"]'),
    ] = ()
    reports: Annotated[Path, Field(description="folder with saved evaluation reports")] = Path(".citewell/reports")
    names: Annotated[
        tuple[str, ...],
        Field(description='host names under which a proxy asks for the page, such as ["answers.example.org"]'),
    ] = ()
    secret: Annotated[
        SecretStr | None,
        Field(
            min_length=32,
            description="the same random text for all replicas: seals conversations that tabs carry to another replica",
        ),
    ] = None

    @field_validator("maintainers", "names", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """A list as it stands in an environment variable: JSON, or names with commas between them."""
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("["):
            return tuple(json.loads(value))
        return tuple(one.strip() for one in value.split(",") if one.strip())


class FeedbackSettings(Section):
    """What readers say about replies."""

    enabled: Annotated[bool, Field(description="false takes the thumbs off the page")] = True
    url: Annotated[
        SecretStr | None,
        Field(description="database of the feedback, in SQLAlchemy's form; empty keeps .citewell/feedback.sqlite3"),
    ] = None


class LogSettings(Section):
    """Logging: stages, counts and milliseconds, never what a person asked or was told."""

    level: Annotated[
        str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR")
    ] = "WARNING"
    format: Annotated[
        Literal["text", "json"], Field(description="text for people, or json: one object a line for machines")
    ] = "text"
    tracing: Annotated[
        bool,
        Field(
            description="true lets LangChain send questions and answers to the service that the LANGSMITH_ variables "
            "name; false keeps them here whatever those say"
        ),
    ] = False


class MetricsSettings(Section):
    """Counts and times for Prometheus: never texts."""

    enabled: Annotated[
        bool, Field(description="true gives metrics; needs CITEWELL_METRICS__PORT or CITEWELL_METRICS__TOKEN")
    ] = False
    host: Annotated[str, Field(description="address that the metrics' own port listens on")] = "127.0.0.1"
    port: Annotated[
        int | None,
        Field(ge=1, le=65535, description="port of their own for the metrics; empty gives /metrics of the page"),
    ] = None
    token: Annotated[
        SecretStr | None,
        Field(min_length=16, description="who reads the page's /metrics sends it as Authorization: Bearer TOKEN"),
    ] = None
