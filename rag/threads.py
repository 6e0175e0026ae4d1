"""Keep the numeric libraries' threads from fighting over the processor."""

import os


def calm_threads() -> None:
    """Let idle worker threads sleep instead of spin, and numpy have none; call before any of them is imported.

    Both load an OpenMP runtime of their own. With spinning waits, one question on two busy cores took about sixty
    times as long (3060 ms against 49 ms, measured 2026-11-22).
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # Products of a few hundred rows gain nothing from threads, and making them costs a third of numpy's import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
