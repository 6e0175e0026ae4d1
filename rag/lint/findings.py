"""What a check of articles gives: one finding for each thing to mend."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong in one article, as a rule sees it.

    Attributes:
        line: line in the file, from 1.
        message: what is wrong, with the words or the value that are.
        mend: what to do about it.
    """

    line: int
    message: str
    mend: str


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A flaw with the file it is in and the rule that saw it; sorts by file and line.

    Attributes:
        path: the file, as it was given or found.
        line: line in the file, from 1.
        rule: id of the rule, as in `.github/ARTICLE_CHECKS.md`.
        message: what is wrong.
        mend: what to do about it.
    """

    path: str
    line: int
    rule: str
    message: str
    mend: str

    def __str__(self) -> str:
        """Return the finding on one line."""
        return f"{self.path}:{self.line}: {self.rule}: {self.message} — {self.mend}"
