"""What is said around an answer."""

import pytest

from rag.safety.data_files import DATA_DIR, fields_of
from rag.types import Behavior, TriageLevel
from tests.ui.made import DISCLAIMER, made_answer, urgent_answer
from ui.notices import abstention_html, advice_html, disclaimer_html, problem_html, urgent_html, with_phone_links


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("call 999 or 112", ["999", "112"]),
        ("Samaritans on 116 123, free at any time, or text SHOUT to 85258", ["116123"]),
        ("healthdirect on 1800 022 222 (for poisons 13 11 26)", ["1800022222", "131126"]),
        ("poisons 1-800-222-1222", ["18002221222"]),
        ("UK 999; EU 112; USA and Canada 911; Australia 000", ["999", "112", "911", "000"]),
        ("ring the 24-hour line", []),
        ("SADAG on 0800 567 567", ["0800567567"]),
    ],
)
def test_telephone_numbers_can_be_tapped(text: str, numbers: list[str]) -> None:
    html = with_phone_links(text)
    assert [part.split('"')[0] for part in html.split('href="tel:')[1:]] == numbers


def test_every_emergency_number_of_the_table_can_be_tapped() -> None:
    rows = fields_of(DATA_DIR / "regions.yaml").mapping("regions")
    for code in rows.keys():
        assert 'href="tel:' in with_phone_links(f"call {rows.mapping(code).text('emergency')} now"), code


def test_an_emergency_is_announced_and_shows_its_whole_action_only() -> None:
    html = urgent_html(urgent_answer(), announced=True)
    assert 'role="alert"' in html
    assert "Do not wait." in html
    assert 'href="tel:999"' in html
    assert DISCLAIMER not in html


def test_same_day_is_calmer_and_an_old_panel_is_silent() -> None:
    same_day = urgent_html(urgent_answer(TriageLevel.SAME_DAY), announced=True)
    assert 'role="alert"' not in same_day
    assert "cw-same-day" in same_day
    assert "role=" not in urgent_html(urgent_answer(), announced=False)


def test_texts_of_others_stay_words() -> None:
    answer = made_answer(Behavior.ABSTAIN, advice=("<img src=x>",))
    assert "<img" not in abstention_html(answer) + advice_html(answer) + disclaimer_html("<img src=x>")
    assert advice_html(made_answer()) == ""


def test_a_problem_names_what_to_run() -> None:
    html = problem_html("no index at <here>; run: citewell index")
    assert "no index at &lt;here&gt;." in html
    assert "<code>citewell index</code>" in html
    assert "<code>" not in problem_html("the model is gone")
