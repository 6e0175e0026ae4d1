"""Every error that Citewell raises on purpose, in one tree.

    CitewellError
    ├── SettingsError            a setting is unknown, malformed or out of range
    ├── CorpusError              an article cannot be read or is not acceptable
    │   ├── FrontMatterError     its header is missing a field or holds a wrong value
    │   ├── UnreadableFileError  the file is not text, is empty, or is of no known format
    │   └── DuplicateArticleError  two files claim one article id
    ├── IndexStoreError          the saved index cannot be used
    │   ├── IndexMissingError    there is none at that place
    │   ├── IndexDamagedError    a file is missing, cut short or altered
    │   ├── IndexMismatchError   it was built with another model or other settings
    │   └── IndexLockedError     another process is writing it
    ├── ClusterError             the machines to index on cannot be reached, or failed
    ├── ModelError               an encoder or chat model cannot be loaded or called
    ├── CitationError            a quoted sentence does not equal its article
    ├── SafetyDataError          a rule, phrase or number file of the safety layer is malformed
    ├── EvaluationDataError      a question set, label or report is malformed
    └── FeedbackStoreError       what readers say cannot be stored or read

A message says what, which file or value, what was expected, and what to run next, in one line.
"""


class CitewellError(Exception):
    """Base of every expected failure; the command line prints it as one line and exits 1."""


class SettingsError(CitewellError):
    """A setting is unknown, malformed or out of range."""


class CorpusError(CitewellError):
    """An article cannot be read or is not acceptable."""


class FrontMatterError(CorpusError):
    """An article's header is missing a field or holds a wrong value."""


class UnreadableFileError(CorpusError):
    """A file is not text, is empty, or has no known format."""


class DuplicateArticleError(CorpusError):
    """Two files claim the same article id."""


class IndexStoreError(CitewellError):
    """The saved index cannot be used."""


class IndexMissingError(IndexStoreError):
    """There is no index at the given place."""


class IndexDamagedError(IndexStoreError):
    """A file of the index is missing, cut short or altered."""


class IndexMismatchError(IndexStoreError):
    """The index was built with another model or other settings than those asked for."""


class IndexLockedError(IndexStoreError):
    """Another process is writing the index."""


class ClusterError(CitewellError):
    """Ray is not installed, its cluster cannot be reached, or it failed for good."""


class ModelError(CitewellError):
    """An encoder or chat model cannot be loaded or called.

    Attributes:
        retryable: whether the same call may succeed later (a timeout, a busy server).
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class CitationError(CitewellError):
    """A quoted sentence does not equal its article at the stated offsets."""


class SafetyDataError(CitewellError):
    """A rule, phrase or number file of the safety layer is malformed."""


class EvaluationDataError(CitewellError):
    """A question set, label or report is malformed."""


class FeedbackStoreError(CitewellError):
    """What readers say cannot be stored or read."""
