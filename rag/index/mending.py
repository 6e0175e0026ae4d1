"""What to run when something in an index folder cannot be used."""

import shlex
from pathlib import Path

GENERATIONS = "generations"


def mend(path: Path) -> str:
    """Return the advice that ends an error message: the command that mends the index a path belongs to.

    Args:
        path: the index folder, or a generation's folder, or a file in either.
    """
    return f"run: citewell index --rebuild --index {shlex.quote(str(_index_of(path)))}"


def _index_of(path: Path) -> Path:
    for folder in path.parents:
        if folder.name == GENERATIONS:
            return folder.parent
    return path.parent if path.is_file() else path
