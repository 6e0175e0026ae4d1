"""A whole report of a tiny run, as `citewell eval all` makes it."""

from typing import Any

from eval.answer_summary import answers_report
from eval.answers import judge_reply
from eval.json_rows import Row
from eval.measures import score
from eval.messages import message_from
from eval.retrieval import summary
from eval.safety import Assessed, safety_report
from rag.types import ArticleId, Behavior, Hit, TriageLevel
from tests.eval.examples import article, chunk, message, question, reply


def whole_report(*, ranked: tuple[str, ...] = ("c1", "c2"), behavior: Behavior = Behavior.ANSWER) -> dict[str, Any]:
    """A report on one question and one message; `ranked` and `behavior` spoil it."""
    values = {"hybrid": score({"q1": {"c1": 3}}, {"q1": list(ranked)}), "dense": score({"q1": {"c1": 3}}, {"q1": []})}
    retrieval = {
        "command": "retrieval",
        "dataset": "questions.train",
        "queries": 1,
        "index_id": "i1",
        **summary(values, {"hybrid": "fused", "dense": "meaning"}),
        "by_kind": {
            "direct": {"n": 1, "interval": [0.0, 1.0]} | {name: one["q1"] for name, one in values["hybrid"].items()}
        },
        "by_article": {},
        "notes": [],
        "failures": [{"query_id": "q1", "kind": "direct", "wanted": ["a 0–1"], "found": ["b"], "text": "<b>why</b>"}],
    }
    answer = reply(behavior) if behavior is Behavior.ANSWER else reply(behavior, "<script>alert(1)</script>")
    verdict = judge_reply(
        question(), answer, [Hit(chunk(), 0.9, 1, "fused", 0.7)], {"c1": 3}, {ArticleId("warm-packs"): article()}
    )
    assessed = Assessed(message_from(Row("f:1", message()), "train"), TriageLevel.SOON, ())
    return {
        "command": "all",
        "split": "train",
        "retrieval": retrieval,
        "answers": answers_report([verdict], dataset="questions.train", index_id="i1"),
        "safety": safety_report([assessed], dataset="red_flags.train"),
    }
