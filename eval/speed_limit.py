"""What the machine allows: how fast it multiplies matrices, and how many passages that would embed.

Torch has two libraries for products, and which one is faster depends on the processor; the limit is that of the faster.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from rag.embed.onednn import onednn_layer

CONFIG_FILE = "config.json"

TOKENS = 1024
"""Rows of the matrices that are multiplied: word pieces of a batch."""

LEAST_S = 0.3
"""A shorter time says little about the rate."""


@dataclass(frozen=True, slots=True)
class Layers:
    """What decides the work of a transformer encoder.

    Attributes:
        count: number of layers.
        width: numbers that stand for a word piece.
        inner: width of the step between the two halves of a layer.
    """

    count: int
    width: int
    inner: int

    def operations(self, tokens: int) -> float:
        """Return the multiplications and additions that a passage of so many word pieces takes.

        Projections and the step between take 8 w² + 4 w i for each word piece and layer, attention 4 n w.
        """
        each = 8 * self.width**2 + 4 * self.width * self.inner + 4 * tokens * self.width
        return float(self.count * each * tokens)


def layers_of(model: str) -> Layers | None:
    """Return the layers of a model in a folder; None when its form is not known."""
    try:
        config = json.loads((Path(model) / CONFIG_FILE).read_text(encoding="utf-8"))
        return Layers(config["num_hidden_layers"], config["hidden_size"], config["intermediate_size"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def passages_per_second(layers: Layers, lengths: Sequence[int]) -> float:
    """Return how many passages a second could be embedded if nothing but matrix products took time.

    Args:
        layers: of the model.
        lengths: of the passages in word pieces, one or more.
    """
    mean = sum(layers.operations(length) for length in lengths) / len(lengths)
    return operations_per_second(layers) / mean


def operations_per_second(layers: Layers) -> float:
    """Return the rate of 32-bit products of the sizes that the model has most of, by the faster of torch's two ways."""
    rows = torch.ones(TOKENS, layers.width)
    there, back = torch.nn.Linear(layers.width, layers.inner), torch.nn.Linear(layers.inner, layers.width)
    with torch.inference_mode():
        rates = [_rate(layers, lambda: rows @ there.weight.T @ back.weight.T)]
        if torch.backends.mkldnn.is_available():
            quick_there, quick_back, own = onednn_layer(there), onednn_layer(back), rows.to_mkldnn()
            rates.append(_rate(layers, lambda: quick_back(quick_there(own))))
    return max(rates)


def _rate(layers: Layers, step: Callable[[], object]) -> float:
    """Operations a second of a step that goes from a batch's rows to the wide ones and back."""
    step()
    runs, started = 0, time.perf_counter()
    while (passed := time.perf_counter() - started) < LEAST_S or runs == 0:
        step()
        runs += 1
    return runs * 4.0 * TOKENS * layers.width * layers.inner / passed
