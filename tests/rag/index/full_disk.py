"""Fill a small disk more and more beside an index and bring the index up to date each time: run in its own mount."""

import shutil
import sys
from pathlib import Path

from rag.errors import IndexStoreError
from rag.index.build import build_index
from rag.index.verify import require_sound, verify_index
from tests.fakes import HashedEncoder
from tests.rag.index.states import AFTER, answers, write_collection


def main(corpus: Path, disk: Path) -> None:
    """Fail when the index answers anything but what it did, or holds damage."""
    index = disk / "index"
    build_index([corpus], index, encoder=HashedEncoder())
    before = answers(index)
    write_collection(corpus, AFTER)
    for left in range(0, 400_000, 8192):
        filler = disk / "filler"
        filler.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - left)))
        try:
            build_index([corpus], index, encoder=HashedEncoder())
        except IndexStoreError as error:
            sys.stdout.write(f"{left}: {error}\n")
            assert answers(index) == before, left
            require_sound(index, verify_index(index))
        else:
            assert answers(index) != before
            require_sound(index, verify_index(index))
            return
        finally:
            filler.unlink()
    raise AssertionError("there was never enough room")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
