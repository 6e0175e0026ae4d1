"""An indexing run that dies at its n-th request to the server: `python -m tests.milvus.stopped_run URI ALIAS …`."""

import os
import sys
import threading
import types
from pathlib import Path

from rag.index.build import build_index
from rag.index.milvus.server import MilvusServer
from rag.index.milvus.target import MilvusTarget
from tests.fakes import HashedEncoder

CALL = MilvusServer.call.__code__
CHANGES = {
    "upsert", "delete", "flush", "create_collection", "drop_collection", "create_index", "load_collection",
    "create_alias", "alter_alias", "alter_collection_properties",
}  # fmt: skip
DIED = 9


def main() -> None:
    """Run, and die before the request of that number that changes something; end by oneself when there are fewer."""
    uri, alias, corpus, index, number, rebuild = sys.argv[1:]
    left = int(number)

    def watch(frame: types.FrameType, event: str, _argument: object) -> None:
        nonlocal left
        if event == "call" and frame.f_code is CALL and frame.f_locals["method"] in CHANGES:
            left -= 1
            if left < 0:
                os._exit(DIED)

    sys.setprofile(watch)
    threading.setprofile(watch)
    target = MilvusTarget(MilvusServer(uri, alias), Path(index))
    build_index([Path(corpus)], target, encoder=HashedEncoder(), rebuild=rebuild == "rebuild")


if __name__ == "__main__":
    main()
