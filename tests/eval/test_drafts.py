"""The check of written sentences, held to the labelled ones of both halves."""

import pytest

from eval.dataset import Split
from eval.drafts import DraftSummary, load_drafts, summarize_drafts, tell_apart
from rag.chain.writing.verify import Verifier
from rag.types import Encoder

HALVES = [Split.TRAIN, Split.TEST]


@pytest.fixture(scope="module")
def summaries(encoder: Encoder) -> dict[Split, DraftSummary]:
    """What the check makes of each half."""
    verifier = Verifier(encoder)
    return {split: summarize_drafts(tell_apart(load_drafts(split), verifier)) for split in HALVES}


def test_halves_share_no_passage() -> None:
    train, test = ({one.passage.text for one in load_drafts(split)} for split in HALVES)

    assert not train & test


@pytest.mark.parametrize("split", HALVES)
def test_hardly_a_lie_is_shown(summaries: dict[Split, DraftSummary], split: Split) -> None:
    assert summaries[split].lies >= 60
    assert summaries[split].lies_shown <= 0.03 * summaries[split].lies


@pytest.mark.parametrize("split", HALVES)
def test_most_true_sentences_are_shown(summaries: dict[Split, DraftSummary], split: Split) -> None:
    assert summaries[split].true >= 40
    assert summaries[split].true_dropped <= 0.3 * summaries[split].true
