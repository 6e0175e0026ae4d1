"""Keep the numeric libraries' threads from fighting over the processor."""

import os


def calm_threads() -> None:
    """Let idle worker threads sleep instead of spin; call before torch or faiss are imported.

    Both load an OpenMP runtime of their own. With spinning waits, one question on two busy cores took about sixty
    times as long (3060 ms against 49 ms, measured 2026-11-22).
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
