"""Choosing sentences: what belongs together stays together, nothing is said twice, answers stay short."""

import pytest

from rag.chain.evidence import Candidate
from rag.chain.quoting import Limits, compose, leans_on_neighbor
from tests.rag.chain.candidates import candidates_of, chunk_of

HEAT = chunk_of(["Warm packs are soft.", "They ease the back.", "Snow falls in winter."])


def texts(chosen: list[Candidate]) -> list[str]:
    return [one.text for one in chosen]


def test_no_candidates_give_no_sentences() -> None:
    assert compose([], Limits()) == []


def test_sentence_with_a_pronoun_brings_the_one_before_it() -> None:
    chosen = compose(candidates_of(HEAT, [0.1, 0.9, 0.1]), Limits())

    assert texts(chosen) == ["Warm packs are soft.", "They ease the back."]


def test_chain_of_pronouns_stops_after_two_steps() -> None:
    chunk = chunk_of(["Packs are soft.", "They are warm.", "These are cheap.", "It lasts."])

    assert texts(compose(candidates_of(chunk, [0.1, 0.1, 0.1, 0.9]), Limits())) == [
        "They are warm.",
        "These are cheap.",
        "It lasts.",
    ]


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("They ease the back.", True),
        ("However, snow is cold.", True),
        ("This helps.", True),
        ("This type of massage helps.", False),
        ("Italy is warm.", False),
        ("Heat eases it.", False),
    ],
)
def test_opening_word_tells_whether_a_sentence_leans_on_another(text: str, leans: bool) -> None:
    assert leans_on_neighbor(text) is leans


def test_line_that_opens_a_list_stays_out_where_no_list_is_asked_for() -> None:
    packs = chunk_of(["Warm packs ease the back.", "Cold packs numb it."], name="p")
    cautions = chunk_of(["Keep in mind:", "use a cloth", "stay awake"], between="\n", mark="- ")
    ranked = sorted(
        [*candidates_of(packs, [0.9, 0.7]), *candidates_of(cautions, [0.8, 0.1, 0.1])], key=lambda one: -one.score
    )

    assert texts(compose(ranked, Limits())) == ["Warm packs ease the back.", "Cold packs numb it."]
    assert "use a cloth" in texts(compose(ranked, Limits(), wants_list=True))


def test_list_that_is_asked_for_counts_as_one_sentence() -> None:
    chunk = chunk_of(["Keep in mind:", "use a cloth", "stay awake", "stop early"], between="\n", mark="- ")
    listed = sorted(candidates_of(chunk, [0.9, 0.8, 0.8, 0.8]), key=lambda one: one.place)
    more = candidates_of(chunk_of(["Warm packs are soft."], name="p"), [0.85])

    chosen = compose([*listed, *more], Limits(sentences=2), listed=listed, wants_list=True)

    assert texts(chosen) == ["Keep in mind:", "use a cloth", "stay awake", "stop early", "Warm packs are soft."]


def test_best_sentence_comes_in_before_those_of_the_parts() -> None:
    best = candidates_of(chunk_of(["Heat and cold ease pain alike."], name="b"), [0.9])
    heat = candidates_of(chunk_of(["Warm packs soothe.", "Warmth relaxes."], name="h"), [0.5, 0.4])
    cold = candidates_of(chunk_of(["Ice numbs skin.", "Snow melts."], name="c"), [0.5, 0.4])

    chosen = compose([*best, *heat, *cold], Limits(sentences=3), (heat, cold))

    assert texts(chosen) == ["Heat and cold ease pain alike.", "Warm packs soothe.", "Warmth relaxes."]


def test_sentences_that_differ_in_their_number_are_both_said() -> None:
    chunk = chunk_of(["The odds ratio of smoking was 1.46 in men.", "The odds ratio of smoking was 1.12 in men."])
    ranked = candidates_of(chunk, [0.9, 0.8])

    assert len(compose(ranked, Limits())) == 2


def test_line_that_opens_a_list_brings_the_whole_list() -> None:
    chunk = chunk_of(["Keep in mind:", "use a cloth", "stay awake", "stop early"], between="\n", mark="- ")

    chosen = compose(candidates_of(chunk, [0.9, 0.1, 0.1, 0.1]), Limits(sentences=1))
    assert texts(chosen) == ["Keep in mind:", "use a cloth", "stay awake", "stop early"]


def test_weak_sentences_are_left_out() -> None:
    chunk = chunk_of(["Heat helps.", "Cold numbs skin.", "Snow falls."])

    assert texts(compose(candidates_of(chunk, [0.9, 0.85, 0.2]), Limits())) == ["Heat helps.", "Cold numbs skin."]


def test_same_words_are_not_said_twice() -> None:
    one = candidates_of(chunk_of(["Warm packs ease a sore back."], name="a"), [0.9])
    other = candidates_of(chunk_of(["Warm packs ease a sore back today."], name="b"), [0.89])

    assert texts(compose(one + other, Limits())) == ["Warm packs ease a sore back."]


def test_limits_hold() -> None:
    chunk = chunk_of([f"Number {n} word{n} other{n} more{n} end{n}." for n in range(9)])
    ranked = candidates_of(chunk, [0.9] * 9)

    assert len(compose(ranked, Limits(sentences=3))) == 3
    assert sum(len(one.text.split()) for one in compose(ranked, Limits(sentences=9, words=20))) <= 20


def test_best_sentence_is_given_even_when_it_alone_is_too_long() -> None:
    ranked = candidates_of(chunk_of(["word " * 200 + "end."]), [0.9])

    assert len(compose(ranked, Limits(words=150))) == 1


def test_passages_follow_their_best_sentence_and_sentences_their_article() -> None:
    first = chunk_of(["Alpha beta gamma.", "Delta epsilon zeta."], name="a")
    second = chunk_of(["Eta theta iota.", "Kappa lambda mu."], name="b")
    mixed = sorted(candidates_of(first, [0.86, 0.88]) + candidates_of(second, [0.87, 0.9]), key=lambda one: -one.score)

    assert texts(compose(mixed, Limits())) == [
        "Eta theta iota.",
        "Kappa lambda mu.",
        "Alpha beta gamma.",
        "Delta epsilon zeta.",
    ]
