"""Write files so that they appear, or change, only when they are complete."""

import os
import shutil
import tempfile
from pathlib import Path

from rag.errors import EvaluationDataError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step; a file that was there keeps who may read it.

    Raises:
        EvaluationDataError: it cannot be written; what was there is as it was.
    """
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if path.exists():
            shutil.copymode(path, name)
        os.replace(name, path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise EvaluationDataError(f"{path}:0: cannot be written ({reason}); expected a file that can be") from None
    finally:
        if name:
            Path(name).unlink(missing_ok=True)
