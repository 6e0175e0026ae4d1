"""How near a question is to other subjects of everyday life, which the collection is not about."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Self

import yaml

from rag.errors import SettingsError
from rag.types import Encoder, Vectors

OTHER_SUBJECTS_FILE = "other_subjects.yaml"


@cache
def load_other_questions() -> tuple[str, ...]:
    """Return the questions on other subjects that ship with the package.

    Raises:
        SettingsError: the file is malformed.
    """
    try:
        text = resources.files("rag.chain").joinpath("data", OTHER_SUBJECTS_FILE).read_text(encoding="utf-8")
        return tuple(str(question) for questions in yaml.safe_load(text).values() for question in questions)
    except (OSError, yaml.YAMLError, TypeError, AttributeError) as error:
        raise SettingsError(f"{OTHER_SUBJECTS_FILE} is malformed; expected subjects with lists of questions") from error


@dataclass(frozen=True, slots=True)
class OtherSubjects:
    """Questions on other subjects, embedded.

    Attributes:
        vectors: float32, shape (n, d), rows of length 1.
    """

    vectors: Vectors

    @classmethod
    def embedded_by(cls, encoder: Encoder) -> Self:
        """Return the questions that ship with the package, embedded."""
        return cls(encoder.encode(load_other_questions()))

    def nearness(self, vector: Vectors) -> float:
        """Return the cosine of a question, shape (1, d), with the nearest of them, in [-1, 1]."""
        return float((self.vectors @ vector[0]).max(initial=-1.0))
