"""What a reader takes out of a file, each piece with its reason, so that a maintainer can judge it."""

from dataclasses import dataclass, field
from enum import StrEnum

MAX_SHOWN_CHARS = 400
"""A piece is recorded up to this length: enough to judge it by."""

MAX_PIECES = 2000
"""Pieces that are recorded for one article; comments of a popular page can be thousands."""


class Reason(StrEnum):
    """Why something is not part of the article."""

    FURNITURE = "label, button or link of the page"
    OUTSIDE = "outside the article"
    BYLINE = "name of the author beside an author box"
    AUTHOR_BOX = "box about the author"
    CAPTION = "caption or alternative text of an image"
    COMMENTS = "readers' comments"
    SHARING = "share buttons"
    RELATED = "links to other posts"
    SIGN_UP = "newsletter or sign-up form"
    NAVIGATION = "menu or navigation"
    PAGE_DATA = "tags, categories and dates of the post"
    ADVERTISING = "advertising"
    NOTICE = "cookie or consent notice"
    HIDDEN = "hidden from readers of the page"
    CONTACT = "personal contact details"
    EMPTY_HEADING = "heading with nothing under it"
    RUNNING_LINE = "running header or footer"
    PAGE_NUMBER = "page number"
    LONG_WORD = "a word too long to be one"
    CONTENTS = "table of contents"


@dataclass(frozen=True, slots=True)
class Removed:
    """A piece that was taken out."""

    text: str
    reason: Reason


@dataclass
class RemovedPieces:
    """Collects what is taken out of one article."""

    pieces: list[Removed] = field(default_factory=list)

    def add(self, text: str, reason: Reason) -> None:
        """Record a piece; blank ones and those past the limit are not kept."""
        line = " ".join(text[: 4 * MAX_SHOWN_CHARS].split())
        if line and len(self.pieces) < MAX_PIECES:
            shown = line if len(line) <= MAX_SHOWN_CHARS else line[:MAX_SHOWN_CHARS] + "…"
            self.pieces.append(Removed(shown, reason))
