"""Where the time of one question goes, and how many sentences are left out on its way."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Clock:
    """Milliseconds by stage, and sentences left out by check."""

    started: float = field(default_factory=time.perf_counter)
    stages: dict[str, float] = field(default_factory=dict)
    dropped: Counter[str] = field(default_factory=Counter)
    _begun: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time that the body takes to a stage."""
        self._begun[name] = time.perf_counter()
        try:
            yield
        finally:
            self.stages[name] = self._so_far(name)
            del self._begun[name]

    def timing_ms(self) -> dict[str, float]:
        """Return the stages with their total; a stage that goes on counts as far as it got."""
        running = {name: self._so_far(name) for name in self._begun}
        return {**self.stages, **running, "total": (time.perf_counter() - self.started) * 1000}

    def left_out(self, check: str, count: int) -> None:
        """Count sentences that did not pass a check."""
        if count:
            self.dropped[check] += count

    def _so_far(self, name: str) -> float:
        return self.stages.get(name, 0.0) + (time.perf_counter() - self._begun[name]) * 1000
