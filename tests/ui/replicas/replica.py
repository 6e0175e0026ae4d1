"""One `citewell serve` among several, and what its operators read of it."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.ui.browser import free_port, started


@dataclass(frozen=True, slots=True)
class Replica:
    """A running replica."""

    port: int
    metrics_port: int
    process: int
    log: Path

    def kill(self) -> None:
        """End it as a crash would: nothing is said to anybody."""
        os.kill(self.process, signal.SIGKILL)

    def ready(self) -> bool:
        """What its readiness check says."""
        status, _ = fetched(f"http://127.0.0.1:{self.port}/ready")
        return status == 200

    def metrics(self) -> dict[str, float]:
        """Every metric with its labels, as Prometheus writes them."""
        _, text = fetched(f"http://127.0.0.1:{self.metrics_port}/metrics")
        return samples(text)

    def index_id(self) -> str:
        """Which generation of the index answers here; asked after a readiness check, which looks for a newer one."""
        self.ready()
        names = [
            name for name, value in self.metrics().items() if name.startswith("citewell_index_info") and value == 1
        ]
        return names[0].split('"')[1] if names else ""


@contextmanager
def replica(folder: Path, name: str, settings: Mapping[str, str]) -> Iterator[Replica]:
    """Run a replica; end it by its process id."""
    port, metrics_port, log = free_port(), free_port(), folder / f"{name}.log"
    own = {"CITEWELL_METRICS__ENABLED": "true", "CITEWELL_METRICS__PORT": str(metrics_port), **settings}
    with started(["-m", "rag", "serve", "--port", str(port)], port, log, **own) as (_, process):
        yield Replica(port, metrics_port, process, log)


def fetched(url: str, **headers: str) -> tuple[int, str]:
    """Status and text of an address."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as reply:  # noqa: S310 - ours
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def samples(text: str) -> dict[str, float]:
    """Metrics by name and labels."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={json.dumps(value)}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def wait_until(condition: Callable[[], bool], *, seconds: float) -> None:
    """Wait for something that comes by itself, and fail when it does not."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come in time"
        time.sleep(0.1)
