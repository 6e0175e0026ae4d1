"""Tell page furniture from the article: menus, "also read" lines, bylines, credits, comment forms.

The rules look at one line and its place, never at one site. Whatever they take out is kept in a list, so
that a maintainer can judge it.
"""

from collections.abc import Sequence

import regex

from rag.ingest.contacts import EMAIL, has_contact_details, without_contact_details

# Without VERSION1, whose full case folding takes exponential time on runs of "f".
_FLAGS = regex.IGNORECASE

LABELLED = regex.compile(
    r"""^\W*(?:also\s+read|read\s+(?:also|more|next|this)|further\s+reading|see\s+also|you\s+(?:may|might)\s+also\s+
    (?:like|enjoy)|related\s+(?:posts?|articles?|reading|stories)|recommended\s+(?:for\s+you|reading)|more\s+from|
    don['’]t\s+miss|must\s+read|next\s+(?:post|article)|previous\s+(?:post|article)|trending|popular\s+posts|
    (?:image|photo|picture)s?\s*(?:source|credits?|courtesy|by|:)|(?:credits?|source|photo|image)\s*:|
    filed\s+under|posted\s+(?:in|on|by)|categor(?:y|ies)\s*:|tags?\s*:|share\s+(?:this|on|via)|follow\s+us|
    (?:last\s+)?updated\s*(?:on|:)|published\s*(?:on|:)|(?:written|reviewed|edited)\s+by|
    subscribe|sign\s+up\s+(?:for|to)|newsletter|advertis(?:e|ement)|sponsored|affiliate\s+disclosure|
    skip\s+to\s+(?:main\s+)?content|all\s+rights\s+reserved|copyright\s|©|home\s*[>»|/]|menu$|search$|
    table\s+of\s+contents|accept\s+(?:all\s+)?cookies|we\s+use\s+cookies|click\s+here)""",
    _FLAGS | regex.VERBOSE,
)
"""A line that opens like this is furniture when it is short (see `is_furniture`)."""

BUTTON = regex.compile(
    r"""^\W*(?:share|tweet|pin(?:\s+it)?|like|save|print|e-?mail(?:\s+this)?|follow(?:ing)?|listen|clap|repost|restack|
    copy\s+link|link\s+copied|facebook|twitter|x|linkedin|whatsapp|pinterest|reddit|telegram|tumblr|instagram|youtube|
    blogthis!?|email\s+this\s*blogthis!?.*|share\s+(?:this|to|on|via)\b[^.!?]*|share:|like\s+this:?|like\s+loading.*|loading[.…]*|
    log\s?in|sign\s+in|sign\s+up|log\s?in\s*/\s*sign\s+up|get\s+(?:the\s+)?app|open\s+in\s+app|start\s+writing|become\s+a\s+member|
    member-only\s+story|\d+\s*min(?:ute)?s?\s+read(?:\W[^.!?]*)?|\d+\s+(?:likes?|shares?|views?|claps?|restacks?|responses?|comments?|replies)|
    recent\s+posts|see\s+all(?:\s+posts)?|all\s+posts|newer\s+posts?|older\s+posts?|post\s+navigation|previous|next|back\s+to\s+top|
    read\s+more|continue\s+reading|show\s+more|load\s+more|view\s+all|labels:.*|tagged:.*|labels|tagged|tags:?|topics:?|related|more\s+like\s+this|
    leave\s+a\s+(?:reply|comment)|write\s+a\s+comment.*|discussion\s+about\s+this\s+(?:post|episode|video)|
    ready\s+for\s+more\?|no\s+posts|top\s+latest\s+discussions|subscribe(?:\s+now)?|subscribed|type\s+your\s+email.*|jump\s+to\s+\w+|
    thanks\s+for\s+(?:reading|subscribing)\b.*\bsubscribe\b.*|this\s+(?:post|site)\s+is\s+(?:public|reader-supported).*|
    \d+\s+(?:views?|min(?:ute)?s?\s+read)\s+\d+\s+comments?.*|powered\s+by\s+\w+.*|proudly\s+powered\s+by.*|
    published\s+in\s+\p{Lu}[^.!?,\d]{0,40}|edit\s+this\s+(?:post|page)|report\s+(?:this|abuse))\W*$""",
    _FLAGS | regex.VERBOSE,
)
"""The whole line is a button or label of a blog engine."""

WORDS = regex.compile(r"[\p{L}\p{N}]")

MAX_BUTTON_WORDS = 20

BYLINE = regex.compile(r"^\W*[Bb]y:?\s+((?:(?:Dr|Prof|Mrs?|Ms)\.?\s+)?\p{Lu}[\w.'’-]+(?:\s+\p{Lu}[\w.'’-]*){1,3})\W*$")
"""The whole line is "by" and a name."""

COMMENT_FORM = regex.compile(
    r"^\W*(?:leave\s+a\s+(?:reply|comment)|post\s+a\s+comment|add\s+(?:a|your)\s+comment|\d*\s*comments?$|"
    r"join\s+the\s+(?:discussion|conversation)|your\s+email\s+address\s+will\s+not\s+be\s+published)",
    _FLAGS,
)
"""From such a line on, what follows belongs to readers' comments."""

FORM_FIELD = regex.compile(
    r"(?:required\s+fields\s+are\s+marked|save\s+my\s+name,?\s+email|email\s+address\s+will\s+not\s+be\s+published|"
    r"notify\s+me\s+of\s+(?:new|follow))",
    _FLAGS,
)

WEB_ADDRESS = regex.compile(r"(?:https?://|www\.)\S+", _FLAGS)
AUTHOR_BOX = regex.compile(
    r"(?:\bfor\s+(?:business|queries|enquiries|inquiries)\b|\bcontact\s+(?:me|us|the\s+author)\b|"
    r"\babout\s+the\s+author\b|\b(?:is|was)\s+a\s+(?:freelance\s+)?(?:writer|blogger|editor|content\s+creator)\b)",
    _FLAGS,
)

MAX_LABEL_WORDS = 40
"""A longer block that opens like furniture is a paragraph of the article."""

MAX_CAPTION_WORDS = 8
"""An unpunctuated fragment up to this long that starts in lower case is an image's caption or alt text."""

NAME = regex.compile(r"^\W*\p{Lu}[\p{L}.'’-]*(?:\s+(?:\p{Lu}[\p{L}.'’-]*|de|del|da|di|van|von|der|bin|al))*\W*$")
"""The whole line could be a person's name; a heading in sentence case could not."""

MAX_NAME_WORDS = 5
"""A byline next to an author box is at most this long."""


def is_comment_form(line: str) -> bool:
    """Return whether readers' comments start at this line."""
    return bool(COMMENT_FORM.match(line)) and len(line.split()) <= MAX_LABEL_WORDS


def is_furniture(line: str) -> bool:
    """Return whether a line, taken alone, is page furniture rather than a part of the article."""
    words = line.split()
    if not WORDS.search(line):
        return True  # a rule, an arrow, a dot between two labels
    if len(words) <= MAX_BUTTON_WORDS and BUTTON.match(line):
        return True
    if len(words) <= MAX_LABEL_WORDS and (LABELLED.match(line) or FORM_FIELD.search(line) or BYLINE.match(line)):
        return True
    if AUTHOR_BOX.search(line) and (EMAIL.search(line) or WEB_ADDRESS.search(line)):
        return True
    if len(words) > MAX_LABEL_WORDS:
        return False
    if has_contact_details(line) and len(without_contact_details(line)[0].split()) <= MAX_NAME_WORDS:
        return True
    without_addresses = WEB_ADDRESS.sub("", EMAIL.sub("", line))
    return without_addresses != line and len(without_addresses.split()) <= MAX_NAME_WORDS


def byline_author(lines: Sequence[str]) -> str | None:
    """Return the name in the first line that is "by" and a name, None when there is none."""
    return next((match[1] for line in lines if (match := BYLINE.match(line))), None)


def is_caption(line: str) -> bool:
    """Return whether a line is an unpunctuated lower-case fragment, as alt texts and captions are."""
    words = line.split()
    return len(words) <= MAX_CAPTION_WORDS and line[:1].islower() and line[-1:] not in ".!?:;"


def byline_places(lines: Sequence[str], furniture: Sequence[bool]) -> set[int]:
    """Return the places of short name lines that stand directly beside an author box.

    Args:
        lines: the document's blocks as single lines.
        furniture: for each line whether `is_furniture` took it.
    """
    places = set()
    for place, line in enumerate(lines):
        beside = [other for other in (place - 1, place + 1) if 0 <= other < len(lines)]
        near_box = any(furniture[other] and has_contact_details(lines[other]) for other in beside)
        short = len(line.split()) <= MAX_NAME_WORDS and line[-1:] not in ".!?:"
        if near_box and short and NAME.match(line):
            places.add(place)
    return places
