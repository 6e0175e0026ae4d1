"""The log: text for people, one JSON object a line for machines, and never a person's words."""

import json
import logging
import warnings
from collections.abc import Iterator

import pytest

from rag.logs import OURS, configure_logging, log_answer, log_event
from tests.ui.made import made_answer


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Loggers are of the whole process."""
    root = logging.getLogger()
    handlers, kept = (
        root.handlers[:],
        {name: (logging.getLogger(name).handlers[:], logging.getLogger(name).level) for name in OURS},
    )
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    for name, (own, level) in kept.items():
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = own, True
        logger.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_answer_is_one_line_with_its_kind_times_and_index(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", form="json")

    log_answer(made_answer(), channel="page")

    (line,) = lines(capsys)
    assert (line["level"], line["logger"], line["event"]) == ("INFO", "rag.logs", "answered")
    fields = line["fields"]
    assert isinstance(fields, dict)
    assert fields["behavior"] == "answer"
    assert fields["index_id"] == made_answer().index_id
    assert set(fields) == {"channel", "behavior", "mode", "index_id", "ms", "sentences", "dropped"}
    assert str(line["time"]).endswith("+00:00")


def test_no_word_of_question_or_answer_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    answer = made_answer()
    for form in ("json", "text"):
        configure_logging("DEBUG", form=form)
        log_answer(answer, channel="ask")

    shown = capsys.readouterr().err

    assert shown.count("answered") == 2
    for text in (answer.question, *(one.text for one in answer.sentences)):
        assert text not in shown


def test_a_message_keeps_its_form_as_the_event(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("WARNING", form="json")

    logging.getLogger("rag.somewhere").warning("%d files of %s", 3, "here")

    (line,) = lines(capsys)
    assert (line["event"], line["message"]) == ("%d files of %s", "3 files of here")


def test_a_failure_is_one_line_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("WARNING", form="json")

    try:
        raise ValueError("a\nb")
    except ValueError:
        logging.getLogger("ui").exception("it failed")

    (line,) = lines(capsys)
    assert "ValueError: a\nb" in str(line["traceback"])


def test_other_libraries_and_warnings_are_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("ERROR", form="json")
    configure_logging("WARNING", form="json")

    logging.getLogger("some.library").warning("careful")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", UserWarning, stacklevel=1)

    assert [line["logger"] for line in lines(capsys)] == ["some.library", "py.warnings"]


def test_text_shows_an_event_with_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")

    log_event(logging.getLogger("ui.page"), "listening", {"host": "127.0.0.1", "port": 8501})

    assert capsys.readouterr().err.endswith("INFO ui.page: listening host=127.0.0.1 port=8501\n")
