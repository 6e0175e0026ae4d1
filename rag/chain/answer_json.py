"""An `Answer` in the form that other programs read."""

from typing import Any

from rag.types import Answer, Passage

SECTION_SEPARATOR = " › "


def answer_record(answer: Answer, *, question_id: str | None = None) -> dict[str, Any]:
    """Return an answer as JSON values.

    Args:
        answer: what to put into the record.
        question_id: the id of the input line, or None for a single question.

    Returns:
        The fields of the documented contract. `start`, `end` and `quotes` are character offsets into the text that
        `citewell articles show` prints for `source`.
    """
    record: dict[str, Any] = {} if question_id is None else {"id": question_id}
    return record | {
        "question": answer.question,
        "behavior": str(answer.behavior),
        "answer": answer.text,
        "sentences": [{"text": sentence.text, "citations": list(sentence.citations)} for sentence in answer.sentences],
        "passages": [_passage(passage) for passage in answer.passages],
        "triage": {"level": str(answer.triage.level), "groups": list(answer.triage.groups)},
        "advice": list(answer.advice),
        "topics": list(answer.topics),
        "notice": answer.notice,
        "disclaimer": answer.disclaimer,
        "mode": str(answer.mode),
        "index_id": answer.index_id,
        "timing_ms": {stage: round(value, 1) for stage, value in answer.timing_ms.items()},
    }


def _passage(passage: Passage) -> dict[str, Any]:
    chunk = passage.chunk
    return {
        "number": passage.number,
        "text": chunk.text,
        "source": chunk.article_id,
        "title": chunk.title,
        "section": SECTION_SEPARATOR.join(chunk.headings),
        "url": chunk.url,
        "evidence": str(chunk.evidence) if chunk.evidence else None,
        "reviewed": chunk.reviewed,
        "clinician_reviewed": chunk.clinician_reviewed,
        "start": chunk.span.start,
        "end": chunk.span.end,
        "quotes": [[quote.start, quote.end] for quote in passage.quotes],
        "score": round(passage.score, 4),
    }
