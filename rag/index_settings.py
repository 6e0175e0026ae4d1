"""The settings of the index: its folder or server, and how it is built over several machines."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from rag.setting_section import Section


def _server_address(text: str | None) -> str | None:
    """The address of a server, without user, password or path: addresses are shown, keys are not."""
    parts = urlsplit(text or "")
    if text and not (parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")):
        raise ValueError("expected nothing (the folder) or the address of a Milvus server, such as http://HOST:19530")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("expected an address without user or password; they go into CITEWELL_INDEX__TOKEN")
    return text.rstrip("/") if text else None


class IndexSettings(Section):
    """The saved index."""

    path: Annotated[Path, Field(description="folder of the index; beside a server, of what this machine keeps")] = Path(
        ".citewell/index"
    )
    uri: Annotated[
        str | None,
        AfterValidator(_server_address),
        Field(
            description="address of a Milvus server that holds the index, such as http://HOST:19530; empty: the folder"
        ),
    ] = None
    token: Annotated[SecretStr | None, Field(description="token, or user:password, for that server; never shown")] = (
        None
    )
    collection: Annotated[
        str,
        Field(
            pattern="^[A-Za-z_][A-Za-z0-9_]{0,99}$",
            description="alias of the passages on the server, and how the names of all collections begin",
        ),
    ] = "citewell"
    timeout_s: Annotated[
        float, Field(gt=0, le=600, description="seconds for one request of a question to the server")
    ] = 2.0
    replicas: Annotated[
        int, Field(ge=1, le=64, description="copies of a collection in the server's memory; each needs a query node")
    ] = 1
    shards: Annotated[
        int, Field(ge=1, le=16, description="parts of a new collection that are written side by side")
    ] = 1
    lock_timeout_s: Annotated[
        float, Field(ge=0, le=3600, description="seconds to wait for another process that builds the index")
    ] = 30.0
    check_mb: Annotated[
        int,
        Field(
            ge=0,
            le=1_000_000,
            description="files of the index up to this size are checked byte by byte whenever they are opened; "
            "larger ones by `citewell index --verify`",
        ),
    ] = 256

    @property
    def checked_bytes(self) -> int:
        """The size in bytes up to which files are checked when they are opened."""
        return self.check_mb * 1024 * 1024

    @property
    def server(self) -> dict[str, Any]:
        """What names the server that holds the index, by the names of its parts."""
        given = self.model_dump(include={"uri", "timeout_s", "replicas", "shards"})
        return {**given, "alias": self.collection, "token": self.token.get_secret_value() if self.token else ""}


class RaySettings(Section):
    """Indexing over several processors or machines."""

    workers: Annotated[
        int | None, Field(ge=1, le=100_000, description="workers of citewell index --ray; empty takes every processor")
    ] = None
