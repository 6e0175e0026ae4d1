"""Run a model's matrix products by oneDNN, which knows the wide registers of every maker's processors.

Torch multiplies by MKL, which on processors of other makers than its own leaves half of each register unused. Measured
on one with 512-bit registers, 2026-11-22: 64 passages took 1.5 instead of 2.4 processor seconds, and no number of any
vector differed by more than 2e-7.
"""

import copy
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MAX_DIFFERENCE = 1e-5
"""Largest difference in any place of any vector to those of the model as it is."""

TRIAL = ("Heat relaxes muscles.", "When should someone with a sore back and a numb leg be seen by a doctor?")


def with_onednn(model: "SentenceTransformer") -> "SentenceTransformer":
    """Return a model that gives the same vectors by oneDNN; the given one where that cannot be had.

    Everything but the weights of its linear layers is shared with the given one, which stays as it is.
    """
    import torch

    if not torch.backends.mkldnn.is_available():
        return model
    try:
        shared = {id(part): part for part in (*model.parameters(), *model.buffers())}
        found = copy.deepcopy(model, shared)
        for parent in list(found.modules()):
            for name, layer in list(parent.named_children()):
                if type(layer) is torch.nn.Linear and layer.weight.dtype is torch.float32:
                    setattr(parent, name, onednn_layer(layer))
        given, taken = (_vectors(one) for one in (model, found))
    except (RuntimeError, TypeError, AttributeError):  # a model of unusual parts, or a torch without these layers
        return model
    return found if np.abs(given - taken).max() <= MAX_DIFFERENCE else model


def onednn_layer(layer: Any) -> Any:  # noqa: ANN401 - torch modules
    """Return a linear layer that multiplies by oneDNN, of 32-bit numbers; a tensor of oneDNN's own kind stays one."""
    import torch

    with warnings.catch_warnings():
        # Other layers of that module are made in a way that torch now discourages, and it says so.
        warnings.simplefilter("ignore")
        from torch.utils.mkldnn import MkldnnLinear

    return MkldnnLinear(layer, torch.float)


def _vectors(model: "SentenceTransformer") -> Any:  # noqa: ANN401 - numpy array
    return model.encode(list(TRIAL), show_progress_bar=False, convert_to_numpy=True, normalize_embeddings=True)
