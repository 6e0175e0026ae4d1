"""Nearness to other subjects of everyday life."""

from rag.chain.other_subjects import OtherSubjects, load_other_questions
from rag.types import Encoder


def test_question_on_another_subject_is_nearer_than_one_on_health(encoder: Encoder) -> None:
    subjects = OtherSubjects.embedded_by(encoder)
    vectors = encoder.encode(["How do I bake a chocolate cake?", "Does massage ease pain that runs down the leg?"])
    cake, massage = (subjects.nearness(vectors[row : row + 1]) for row in range(2))
    assert cake > 0.5 > massage


def test_no_question_stands_twice() -> None:
    questions = load_other_questions()
    assert len(questions) == len(set(questions)) > 100
