"""How sure a number is: intervals for means and shares, paired tests for differences."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats  # type: ignore[import-untyped]

RESAMPLES = 9999
SEED = 0
Z95 = 1.959964
"""Standard normal quantile for 95 per cent."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its 95 per cent interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired difference of means.

    Attributes:
        value: mean of first minus second.
        low: lower end of the 95 per cent bootstrap interval.
        high: its upper end.
        p: of the paired randomisation test, two-sided, in (0, 1].
        n: pairs.
    """

    value: float
    low: float
    high: float
    p: float
    n: int


def mean_interval(values: Sequence[float]) -> Interval:
    """Return the mean with its bootstrap interval (percentiles, 9999 resamples); zeros for no values."""
    data = np.asarray(values, dtype=np.float64)
    if data.size == 0:
        return Interval(0.0, 0.0, 0.0)
    low, high = _bootstrap(data)
    return Interval(float(data.mean()), low, high)


def paired_difference(first: Mapping[str, float], second: Mapping[str, float]) -> Difference:
    """Return the difference of two systems over the questions that both were asked.

    Source: paired randomisation, Smucker, Allan and Carterette 2007, doi:10.1145/1321440.1321528.
    """
    keys = [key for key in first if key in second]
    data = np.asarray([first[key] - second[key] for key in keys], dtype=np.float64)
    if data.size < 2 or not np.any(data):
        value = float(data.sum())
        return Difference(value, value, value, 1.0, len(keys))
    # Under the null hypothesis the sign of each difference is a coin toss, which "samples" with zeros does.
    test = stats.permutation_test(
        (data, np.zeros_like(data)),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=500,
        rng=np.random.default_rng(SEED),
    )
    low, high = _bootstrap(data)
    return Difference(float(data.mean()), low, high, float(test.pvalue), len(keys))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for testing all of them, in the order given.

    Source: Holm 1979, https://www.jstor.org/stable/4615733.
    """
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda index: p_values[index])):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted


def wilson(hits: int, n: int) -> Interval:
    """Return a share with its 95 per cent Wilson interval; (0, 0, 1) when there is nothing to count.

    Source: Wilson 1927, doi:10.1080/01621459.1927.10502953.
    """
    if n == 0:
        return Interval(0.0, 0.0, 1.0)
    share = hits / n
    center = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2)) / (1 + Z95**2 / n)
    return Interval(share, max(0.0, center - half), min(1.0, center + half))


def _bootstrap(data: NDArray[np.float64]) -> tuple[float, float]:
    if data.size < 2 or not np.any(data != data[0]):
        return float(data.mean()), float(data.mean())
    interval = stats.bootstrap(
        (data,), np.mean, n_resamples=RESAMPLES, batch=500, method="percentile", rng=np.random.default_rng(SEED)
    ).confidence_interval
    return float(interval.low), float(interval.high)
