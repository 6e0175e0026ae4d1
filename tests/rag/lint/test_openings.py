"""Openings that lean on another sentence, and their likes that do not."""

import pytest

from rag.lint.openings import unbound_opening


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("It may help a little.", "It"),
        ("It is used for back pain.", "It"),
        ("It is common in adults over forty.", "It"),
        ("It is thought to calm the nerve.", "It"),
        ("It's a large nerve in the leg.", "It's"),
        ("It\u2019s a large nerve in the leg.", "It's"),
        ("This is rare in young people.", "This"),
        ("This pain often fades within weeks.", "This"),
        ("These exercises are gentle on the back.", "These"),
        ("Those signs need care today.", "Those"),
        ("That lowers the strain on the disc.", "That"),
        ("They last for some weeks.", "They"),
        ("Their use is not tested.", "Their"),
        ("Such pain needs a check.", "Such"),
        ("Both can press on the nerve.", "Both"),
        ("Some find heat soothing.", "Some"),
        ("Others prefer cold packs.", "Others"),
        ("Either may be used at home.", "Either"),
        ("Most of these fade in weeks.", "Most"),
        ("But it may also do harm.", "it"),
        ("However, they are rarely needed.", "they"),
        ('"It will pass," some people say.', "It"),
    ],
)
def test_unbound_opening_is_found(sentence: str, word: str) -> None:
    assert unbound_opening(sentence) == word


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not known whether massage helps sciatica.",
        "It is safe to walk with mild sciatica.",
        "It is not clear why some discs shrink.",
        "It is best for most people to keep moving.",
        "It may be wise to ask a pharmacist first.",
        "It is worth asking the therapist about training.",
        "This article does not replace a doctor.",
        "Those who sit for long may take short breaks.",
        "Both legs can become weak in rare cases.",
        "Some people find heat soothing.",
        "Most of the pain fades within weeks.",
        "Many studies looked at back pain only.",
        "Thissen and others wrote the review.",
        "Items on the floor strain the back.",
        "However, massage may help a little.",
        "Heat helps because it relaxes muscles.",
        "",
    ],
)
def test_bound_opening_passes(sentence: str) -> None:
    assert unbound_opening(sentence) is None
