"""The Milvus server: where it is, how it is asked, and what is said when it does not answer."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from rag.errors import IndexStoreError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

T = TypeVar("T")

logger = logging.getLogger(__name__)

RETRY_AFTER_S = 0.25
"""A request that failed is sent once more after this long: a lost query node was out of the way within 0.3 s."""

LONG_S = 600.0
"""What loading a collection, or writing it to disk, may take; a single request has the time of the settings."""

SUGGESTION = "check CITEWELL_INDEX__URI and that the server runs, or empty it to use the index folder"


class ServerError(IndexStoreError):
    """The index server cannot be reached, or refuses what it is asked.

    Attributes:
        code: the server's number for it, None when it did not answer.
    """

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class MilvusServer:
    """A Milvus server and the names that belong to this index. Safe to share between threads and to send to others.

    Attributes:
        uri: its address.
        alias: alias of the passages that answer, and how the names of all collections begin.
        token: token, or user:password.
        timeout_s: for one request of a question; those of an indexer have times of their own.
        replicas: copies of a collection in the memory of query nodes.
        shards: of a new collection.
    """

    uri: str
    alias: str = "citewell"
    token: str = field(default="", repr=False)
    timeout_s: float = 2.0
    replicas: int = 1
    shards: int = 1

    @property
    def place(self) -> str:
        """Where the index is, for people."""
        return f"{self.uri} ({self.alias})"

    @property
    def client(self) -> "MilvusClient":
        """The connection that all of this process share.

        Raises:
            ServerError: the server does not answer.
        """
        return _connected(self)

    def call(self, method: str, *arguments: Any, timeout_s: float | None = None, **named: Any) -> Any:  # noqa: ANN401 - as the client has it
        """Call a method of the client, once more when it fails; everything that is asked here may be done twice.

        Args:
            method: name of a method of `MilvusClient`.
            *arguments: what it takes.
            timeout_s: in place of that of the settings.
            **named: what it takes by name.

        Raises:
            ServerError: the server does not answer, or refuses.
        """
        timeout = timeout_s or self.timeout_s
        try:
            return getattr(self.client, method)(*arguments, timeout=timeout, **named)
        except ServerError as error:
            first: Exception = error
        except _failures() as error:
            first = error
        logger.info("%s failed on the index server and is tried again (%s)", method, type(first).__name__)
        time.sleep(RETRY_AFTER_S)
        try:
            return getattr(self.client, method)(*arguments, timeout=timeout, **named)
        except _failures() as error:
            raise self.failure(error) from error

    def ask(self, method: str, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the client has it
        """Call a method of the client once; for questions to which "there is none" is an answer.

        Args:
            method: name of a method of `MilvusClient`.
            *arguments: what it takes.
            **named: what it takes by name.

        Raises:
            ServerError: the server does not answer, or refuses.
        """
        try:
            return getattr(self.client, method)(*arguments, timeout=self.timeout_s, **named)
        except _failures() as error:
            raise self.failure(error) from error

    def guarded(self, step: Callable[[], T]) -> T:
        """Return what a step gives that talks to the server.

        Args:
            step: does it.

        Raises:
            ServerError: the server does not answer, or refuses.
        """
        try:
            return step()
        except _failures() as error:
            raise self.failure(error) from error

    def failure(self, error: Exception) -> ServerError:
        """Return the one line about what the client raised."""
        said = " ".join(str(getattr(error, "message", "") or error).split())[:200]
        return ServerError(
            f"the index server {self.uri} failed ({said or type(error).__name__}); {SUGGESTION}",
            getattr(error, "code", None),
        )


def _failures() -> tuple[type[Exception], ...]:
    import grpc
    from pymilvus.exceptions import MilvusException

    return MilvusException, grpc.RpcError


@lru_cache(maxsize=8)
def _connected(server: MilvusServer) -> "MilvusClient":
    from pymilvus import MilvusClient

    # It logs a traceback for each refused request; what matters of it is said in our own line.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    try:
        return MilvusClient(server.uri, token=server.token, timeout=server.timeout_s)
    except _failures() as error:
        raise server.failure(error) from error
