"""Replies are judged against what is known of the right one."""

from dataclasses import replace

import pytest

from eval.answer_summary import answers_report, spread
from eval.answer_tables import answer_tables
from eval.answers import Verdict, broken_reply, check_quotes, judge_reply
from eval.baseline import broken_rules
from eval.dataset import question_from
from eval.diagnosis import ALARM, MISSED_ALARM, NOT_CHOSEN, NOT_COVERED, NOT_FOUND, NOT_TRUSTED, Seen, diagnose
from eval.json_rows import Row
from rag.types import Answer, ArticleId, Behavior, Hit, Passage, Span
from tests.eval.examples import article, chunk, question, reply, uncovered

ARTICLES = {ArticleId("warm-packs"): article()}
HITS = [Hit(chunk(), 0.9, 1, "fused", 0.7)]


def verdict(answer: Answer, *, half: str = "train", covered: bool = True) -> Verdict:
    asked = question(half) if covered else question_from(Row("f:1", uncovered()), half)
    return judge_reply(asked, answer, HITS, {"c1": 3} if covered else {}, ARTICLES)


def test_right_answer_passes() -> None:
    found = verdict(reply())
    assert found.passed
    assert (found.facts_answered, found.facts_quoted, found.facts_shown, found.facts_found) == (1, 1, 1, 1)
    assert (found.quotes, found.exact) == (3, 3)
    assert (found.confidence, found.cosine, found.diagnosis) == (0.8, 0.7, None)


def test_answer_without_its_fact_fails() -> None:
    found = judge_reply(question(facts=[{"name": "time", "any": ["minutes"]}]), reply(), HITS, {"c1": 3}, ARTICLES)
    assert not found.passed
    assert found.diagnosis == "chosen, but facts stand in further passages"


def test_further_passages_show_facts_and_leave_the_measures_of_citation_alone() -> None:
    further = Passage(2, chunk(33, 72, "c2"), (), 0.9)
    asked = question(facts=[{"name": "time", "any": ["minutes"]}])

    hits = [*HITS, Hit(further.chunk, 0.8, 2, "fused", 0.6)]

    alone = judge_reply(asked, reply(), hits, {"c2": 3}, ARTICLES)
    beside = judge_reply(asked, replace(reply(), passages=(*reply().passages, further)), hits, {"c2": 3}, ARTICLES)

    assert (beside.facts_answered, beside.facts_quoted, beside.facts_shown) == (0, 0, 1)
    assert (beside.quotes, beside.exact, beside.confidence) == (alone.quotes, alone.exact, alone.confidence)
    assert beside.diagnosis == alone.diagnosis == NOT_CHOSEN
    assert (beside.further, beside.exact_further) == (1, 1)


def test_further_passage_that_is_not_in_its_article_is_counted() -> None:
    altered = replace(chunk(33, 72, "c2"), text="Keep each session under an hour, or two.")

    found = verdict(replace(reply(), passages=(*reply().passages, Passage(2, altered, (), 0.5))))

    assert (found.further, found.exact_further) == (1, 0)


def test_fact_after_150_words_does_not_count() -> None:
    late = reply(text="word " * 150 + "ease")
    found = verdict(late)
    assert (found.facts_answered, found.diagnosis) == (0, "facts come after the first 150 words")


def test_abstaining_from_a_covered_question_fails_and_holds_no_facts() -> None:
    found = verdict(reply(Behavior.ABSTAIN, "These articles do not help or ease."))
    assert (found.passed, found.facts_answered, found.confidence) == (False, 0, 0.0)
    assert found.diagnosis == NOT_TRUSTED


@pytest.mark.parametrize(
    ("span", "text", "exact"),
    [(Span(0, 32), None, 3), (Span(1, 32), None, 2), (Span(0, 40), None, 1), (Span(0, 32), "Packs ease backs.", 2)],
)
def test_altered_quotations_are_found(span: Span, text: str | None, exact: int) -> None:
    answer = reply(text=text, quote=span) if text else reply(quote=span)
    assert check_quotes(answer, ARTICLES) == (3, exact)


def test_quotation_of_an_article_that_is_not_there_is_not_exact() -> None:
    assert check_quotes(reply(), {})[1] < 3


@pytest.mark.parametrize(
    ("text", "leaks"),
    [("Take 400 mg.", 1), ("It costs $60.", 1), ("See a pharmacist.", 0)],
)
def test_amounts_count_only_where_the_question_is_not_covered(text: str, leaks: int) -> None:
    assert len(verdict(reply(text=text), covered=False).leaked) == leaks
    assert verdict(reply(text=text)).leaked == ()


def test_words_of_test_questions_and_their_replies_are_not_kept() -> None:
    found = verdict(reply(), half="test")
    assert found.text is None
    assert found.reply is None


@pytest.mark.parametrize(
    ("expected", "got", "seen", "line"),
    [
        (Behavior.ANSWER, Behavior.ANSWER, Seen(False, False, 0, False), NOT_FOUND),
        (Behavior.ANSWER, Behavior.ABSTAIN, Seen(False, False, 0, False), NOT_FOUND),
        (Behavior.ANSWER, Behavior.ABSTAIN, Seen(True, False, 0, False), NOT_TRUSTED),
        (Behavior.ANSWER, Behavior.ANSWER, Seen(True, False, 0, False), NOT_CHOSEN),
        (Behavior.ANSWER, Behavior.URGENT, Seen(True, False, 0, False), ALARM),
        (Behavior.ABSTAIN, Behavior.ANSWER, Seen(False, False, 0, False), NOT_COVERED),
        (Behavior.ABSTAIN, Behavior.URGENT, Seen(False, False, 0, False), ALARM),
        (Behavior.URGENT, Behavior.ANSWER, Seen(False, False, 0, False), MISSED_ALARM),
    ],
)
def test_failure_is_explained(expected: Behavior, got: Behavior, seen: Seen, line: str) -> None:
    assert diagnose(expected, got, seen, 1) == line


def test_report_counts_what_happened() -> None:
    right, refused = verdict(reply()), verdict(reply(Behavior.ABSTAIN, "Not covered."))
    answered = verdict(reply(text="Take 400 mg."), covered=False)
    report = answers_report(
        [right, replace(refused, query_id="q8"), replace(answered, query_id="q9")], dataset="tiny", index_id="i"
    )
    assert report["measures"]["pass"] == pytest.approx(1 / 3)
    assert report["measures"]["fact_recall"] == 0.5
    assert report["counts"] == {
        "errors": 0,
        "leaks": 1,
        "answered_unanswerable": 1,
        "unanswerable": 1,
        "refused_answerable": 1,
        "alarmed_answerable": 0,
        "answerable": 2,
    }
    assert report["confusion"]["answer"] == {"answer": 1, "abstain": 1, "urgent": 0}
    assert {one["query_id"] for one in report["failures"]} == {"q8", "q9"}
    assert "q9 near_topic: answered though not covered" in answer_tables(report)


def test_rules_without_exception() -> None:
    def broken(*verdicts: Verdict) -> list[str]:
        return broken_rules(answers_report(verdicts, dataset="tiny", index_id="i"))

    assert broken(verdict(reply())) == []
    assert "disclaimer" in broken(verdict(reply(disclaimer=" ")))[0]
    assert "exact_quotes" in broken(verdict(reply(quote=Span(3, 9))))[0]
    assert "dose or price" in broken(replace(verdict(reply()), leaked=("400 mg",)))[0]


def test_question_that_breaks_the_program_fails_and_is_named() -> None:
    broken = broken_reply(question(), KeyError("some words of the question"))
    report = answers_report([verdict(reply()), replace(broken, query_id="q7")], dataset="tiny", index_id="i")
    assert report["counts"]["errors"] == 1
    assert report["measures"]["behavior"] == 0.5
    assert report["failures"][0]["diagnosis"] == "error: KeyError"
    assert any("made the program fail" in line for line in broken_rules(report))


def test_spread_of_values() -> None:
    assert spread([3.0, 1.0, 2.0]) == {"mean": 2.0, "median": 2.0, "p95": 3.0, "max": 3.0}
    assert spread([])["max"] == 0.0
