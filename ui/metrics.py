"""Metrics for Prometheus: counts and times of this process. Labels are a few fixed names, or the index id."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from rag.feedback.records import Feedback, Reason, Verdict
from rag.index.manifest import Manifest
from rag.types import Answer, Behavior, Mode

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""From a search in memory to a slow chat model."""

QUOTE_CHECK = "quote"
WHYS = ("stopped", "unavailable", "error")


class Metrics:
    """A `Recorder` whose counts Prometheus reads. Safe to share between threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._asked = Counter("citewell_questions", "Questions taken.", registry=self.registry)
        self._replies = Counter(
            "citewell_replies", "Whole replies by kind.", ("behavior", "mode"), registry=self.registry
        )
        self._unanswered = Counter(
            "citewell_unanswered_questions", "Questions without a whole reply.", ("why",), registry=self.registry
        )
        self._stages = Histogram(
            "citewell_stage_seconds",
            "Time of each stage of a whole reply.",
            ("stage",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._dropped = Counter(
            "citewell_dropped_sentences", "Sentences left out, by check.", ("check",), registry=self.registry
        )
        self._quotes = Counter(
            "citewell_failed_quote_checks", "Quotations that did not equal their article.", registry=self.registry
        )
        self._readers = Gauge("citewell_readers_connected", "Tabs that are connected.", registry=self.registry)
        self._feedback = Counter(
            "citewell_feedback", "Readers' words that were kept.", ("verdict", "reason"), registry=self.registry
        )
        self._show_zeros()

    def watch_index(self, current: Callable[[], Manifest | None]) -> None:
        """Tell with each reading which generation of the index answers; `current` must not wait for it."""
        self.registry.register(_IndexCollector(current))

    def text(self, accept: str) -> tuple[bytes, str]:
        """Return all metrics and their media type, in the form that an Accept header asks for."""
        encode, media_type = choose_encoder(accept)
        return encode(self.registry), media_type

    def answered(self, answer: Answer) -> None:
        """Count a whole reply."""
        self._asked.inc()
        self._replies.labels(str(answer.behavior), str(answer.mode)).inc()
        for stage, milliseconds in answer.timing_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)
        for check, count in answer.dropped.items():
            self._dropped.labels(check).inc(count)
        self._quotes.inc(answer.dropped.get(QUOTE_CHECK, 0))

    def unanswered(self, why: str) -> None:
        """Count a question that got no whole reply."""
        self._asked.inc()
        self._unanswered.labels(why).inc()

    def voted(self, feedback: Feedback) -> None:
        """Count a reader's word."""
        self._feedback.labels(str(feedback.verdict), str(feedback.reason or "none")).inc()

    def came(self) -> None:
        """Count a tab that connected."""
        self._readers.inc()

    def left(self) -> None:
        """Count a tab that left."""
        self._readers.dec()

    def _show_zeros(self) -> None:
        """Have every expected row there from the start: a rate over one that appears later misses its first event."""
        for behavior in Behavior:
            self._replies.labels(str(behavior), str(Mode.QUOTING))
        for why in WHYS:
            self._unanswered.labels(why)
        for check in (QUOTE_CHECK, "review"):
            self._dropped.labels(check)
        self._feedback.labels(str(Verdict.UP), "none")
        for reason in Reason:
            self._feedback.labels(str(Verdict.DOWN), str(reason))


class _IndexCollector(Collector):
    """The generation that answers, looked at when the metrics are read."""

    def __init__(self, current: Callable[[], Manifest | None]) -> None:
        self._current = current

    def collect(self) -> Iterable[Metric]:
        """Yield the generation as a label, and its size."""
        manifest = self._current()
        known = GaugeMetricFamily("citewell_index_info", "1 for the index that answers.", labels=("index_id",))
        passages = GaugeMetricFamily("citewell_index_passages", "Passages of the index that answers.")
        if manifest is not None:
            known.add_metric((manifest.index_id,), 1)
            passages.add_metric((), manifest.chunks)
        yield known
        yield passages
