"""Personal contact details are told from numbers that a reader may need and from other figures."""

import time

import pytest

from rag.ingest.contacts import has_contact_details, without_contact_details


@pytest.mark.parametrize(
    "line",
    [
        "Write to jane@example.org.",
        "jane [at] example [dot] org",
        "jane.roe (at) mail.example.org",
        "Call me on 020 7946 0958.",
        "Tel. +44 20 7946 0958",
        "Reach the clinic at (555) 123-4567.",
        "WhatsApp 98765 43210",
        "Visit 742 Evergreen Terrace, Springfield, IL 62704 for treatment.",
        "12 High Street, London SW1A 1AA",
        "12 High Street",
        "P.O. Box 123, Leeds",
    ],
)
def test_contact_details_are_recognised(line: str) -> None:
    assert has_contact_details(line)


@pytest.mark.parametrize(
    "line",
    [
        "Call 999 or 112.",
        "Call the Samaritans on 116 123.",
        "Call 1-800-273-8255.",
        "Call 0300 123 4567 now.",
        "The poison line is 020 7946 0958.",
        "Trials ran in 2010-2015 and 1990 - 2000.",
        "It was 2026-01-15, or 12-05-2020.",
        "ISBN 978-3-16-148410-0",
        "doi 10.1002/14651858.CD004750",
        "Trial ISRCTN12345678",
        "1 000 000 people took 10 000 steps.",
        "About 100 200 300 people.",
        "Hold for 15-30 seconds, 2-3 times a day.",
        "Phone your doctor when it gets worse.",
        "Five minutes by the Street of Books.",
    ],
)
def test_other_figures_and_public_lines_stay(line: str) -> None:
    assert not has_contact_details(line)


def test_only_the_sentence_with_details_goes() -> None:
    assert without_contact_details("Walk daily. Call Jane on 020 7946 0958. Rest at night.") == (
        "Walk daily. Rest at night.",
        ["Call Jane on 020 7946 0958."],
    )


def test_sentence_after_an_address_stays() -> None:
    assert without_contact_details("Write to jane@example.org. Rest is fine.")[0] == "Rest is fine."


@pytest.mark.parametrize(
    "line",
    ["a@" * 20_000, "1 " * 20_000, "a." * 20_000, "f" * 5_000, "12 " + "Aa " * 10_000, "(" * 20_000, "st" * 999],
)
def test_search_takes_linear_time(line: str) -> None:
    started = time.perf_counter()
    has_contact_details(line)

    assert time.perf_counter() - started < 2
