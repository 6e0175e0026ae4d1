"""Fitting the decision."""

import json
from pathlib import Path

import pytest

from eval.calibration import MODEL_FILE, WeighedQuestion, calibrate
from rag.chain.decision import feature_names
from rag.chain.support import Support
from rag.errors import EvaluationDataError

COVERED = [WeighedQuestion(Support(nearest=0.6 + place / 100, top=0.5), True, True) for place in range(20)]
UNCOVERED = [WeighedQuestion(Support(nearest=0.2 + place / 100, elsewhere=0.6), False, False) for place in range(20)]


def test_separable_questions_are_separated() -> None:
    fitted = calibrate([*COVERED, *UNCOVERED], refused=0.05)
    assert fitted.area == 1.0
    assert fitted.answered == 0.0
    assert fitted.refused <= 0.05
    assert fitted.coefficients[feature_names().index("nearest")] > 0


def test_fit_is_deterministic() -> None:
    assert calibrate([*COVERED, *UNCOVERED], refused=0.05) == calibrate([*COVERED, *UNCOVERED], refused=0.05)


def test_too_few_questions_are_told_so() -> None:
    with pytest.raises(EvaluationDataError, match="too few questions"):
        calibrate([*COVERED, *UNCOVERED[:5]], refused=0.05)


def test_saved_model_holds_the_features_by_name(tmp_path: Path) -> None:
    path = tmp_path / "decision.json"
    calibrate([*COVERED, *UNCOVERED], refused=0.05).save(path)
    assert tuple(json.loads(path.read_text())["features"]) == feature_names()


def test_shipped_model_is_where_the_answerer_reads_it() -> None:
    assert MODEL_FILE.is_file()


def test_badly_answered_questions_hardly_move_the_model() -> None:
    badly = [WeighedQuestion(Support(nearest=0.1, elsewhere=0.7), True, False) for _ in range(20)]

    fitted = calibrate([*COVERED, *UNCOVERED, *badly], refused=0.05)

    assert fitted.area == 1.0
    assert fitted.coefficients[feature_names().index("elsewhere")] < 0
