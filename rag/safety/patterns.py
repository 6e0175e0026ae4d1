"""Concepts: named sets of phrase patterns, compiled once and found in a message in one pass.

A pattern is a row of elements separated by blanks:

    word        this word                       word*       a word that starts so
    a/b/c       one of these                    <name>      another concept
    ..  ..5     up to 3 (or 5) words between    ~  ~5       the same, but no joining word among them
    word?       may be left out                 !a/b        the next word is none of these
    -!a/b       the word before the whole pattern is none of these
    num:3-9     a number from 3 to 9

Neither words nor gaps reach across punctuation.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rag.errors import SafetyDataError
from rag.safety.reading import Break, Message

JOINING = frozenset(
    "and but or plus then with down while from into leg legs foot feet calf toe toes thigh knee".split()
)
"""Words that a close gap (`~`) may not contain: what follows them belongs to something else."""

FILLERS = frozenset(
    "completely really very so just totally absolutely quite pretty literally actually basically rather somewhat "
    "utterly fully entirely extremely incredibly simply truly bloody fucking freaking flipping damn effing like "
    "proper properly well awfully also kinda sorta maybe honestly".split()
)
"""Words that change no meaning; a pattern steps over them."""

MASKED = "\x00"
"""Stands for a word that a figure of speech has used up."""


@dataclass(frozen=True, slots=True)
class Element:
    """One compiled element of a pattern."""

    kind: str
    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept found in a message: words `start` to `end`, end exclusive."""

    concept: str
    start: int
    end: int


@dataclass(slots=True)
class _Level:
    """Patterns whose references all lie on earlier levels, by what they start with."""

    by_word: dict[str, list[tuple[str, tuple[Element, ...]]]] = field(default_factory=dict)
    by_prefix: dict[str, list[tuple[str, str, tuple[Element, ...]]]] = field(default_factory=dict)
    by_concept: dict[str, list[tuple[str, tuple[Element, ...]]]] = field(default_factory=dict)
    by_number: list[tuple[str, tuple[Element, ...]]] = field(default_factory=list)


class Lexicon:
    """All concepts, ready to be found in messages."""

    def __init__(self, concepts: Mapping[str, Sequence[str]]) -> None:
        """Compile concepts.

        Args:
            concepts: patterns by concept name.

        Raises:
            SafetyDataError: a pattern is malformed, names an unknown concept, or concepts refer to
                each other in a circle.
        """
        self._patterns = {
            name: [_compile(name, pattern) for pattern in patterns] for name, patterns in concepts.items()
        }
        self.names = frozenset(self._patterns)
        self._levels = self._arrange()
        self.vocabulary = self._collect_words()

    def find(self, message: Message, words: Sequence[str] | None = None) -> list[Mention]:
        """Return every mention of every concept.

        Args:
            message: the message as words.
            words: the same number of words, repaired or masked; those of the message when None.
        """
        tokens = message.words if words is None else words
        found: dict[int, dict[str, set[int]]] = {}
        for level in self._levels:
            fresh: list[tuple[int, str, int]] = []
            for start, token in enumerate(tokens):
                for name, elements in _candidates(level, token, found.get(start), message.numbers[start]):
                    fresh.extend(
                        (start, name, end) for end in _match(elements, 0, start, tokens, message, found)
                    )
            for start, name, end in fresh:
                found.setdefault(start, {}).setdefault(name, set()).add(end)
        return [
            Mention(name, start, end)
            for start in sorted(found)
            for name in sorted(found[start])
            for end in sorted(found[start][name])
        ]

    def _arrange(self) -> list[_Level]:
        depth: dict[str, int] = {}

        def depth_of(name: str, path: tuple[str, ...]) -> int:
            if name in path:
                raise SafetyDataError(f"concepts: {' -> '.join((*path, name))} is a circle; expected none")
            if name not in self._patterns:
                raise SafetyDataError(f"concepts: {path[-1]} uses <{name}>, which is not defined")
            if name not in depth:
                inner = {c for pattern in self._patterns[name] for element in pattern for c in element.concepts}
                depth[name] = 1 + max((depth_of(c, (*path, name)) for c in sorted(inner)), default=-1)
            return depth[name]

        for name in self._patterns:
            depth_of(name, ())
        levels = [_Level() for _ in range(max(depth.values(), default=0) + 1)]
        for name, patterns in self._patterns.items():
            for pattern in patterns:
                _file(levels[depth[name]], name, pattern)
        return levels

    def _collect_words(self) -> frozenset[str]:
        return frozenset(
            word
            for patterns in self._patterns.values()
            for pattern in patterns
            for element in pattern
            for word in (*element.words, *(p + end for p in element.prefixes for end in ("", "ing", "ed", "s")))
        )


_NUMBER = re.compile(r"num:(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_GAP = re.compile(r"(\.\.|~)(\d*)")
_PART = re.compile(r"<[a-z0-9_]+>|[a-z0-9.]+\*?")


def _compile(name: str, pattern: str) -> tuple[Element, ...]:
    """Return the elements of one pattern."""
    parts = sorted(pattern.split(), key=lambda part: not part.startswith("-!"))
    elements = tuple(_element(name, pattern, part) for part in parts)
    first = next((e for e in elements if e.kind != "behind"), None)
    if first is None or first.kind not in ("any", "number") or first.optional:
        raise SafetyDataError(f"concepts: {name}: {pattern!r} must start with a word, a concept or num:")
    return elements


def _element(name: str, pattern: str, part: str) -> Element:
    """Return one element."""
    if gap := _GAP.fullmatch(part):
        return Element("gap" if gap[1] == ".." else "close", high=float(gap[2] or 3))
    if number := _NUMBER.fullmatch(part):
        return Element("number", low=float(number[1]), high=float(number[2]))
    kind, optional = "any", part.endswith("?")
    part = part.removesuffix("?")
    for prefix, other in (("-!", "behind"), ("!", "ahead")):
        if part.startswith(prefix):
            kind, part = other, part.removeprefix(prefix)
            break
    words, prefixes, concepts = set(), [], []
    for option in part.split("/"):
        if not _PART.fullmatch(option):
            raise SafetyDataError(f"concepts: {name}: {pattern!r}: {option!r} is not a word or <concept>")
        if option.startswith("<"):
            concepts.append(option[1:-1])
        elif option.endswith("*"):
            prefixes.append(option[:-1])
        else:
            words.add(option)
    return Element(kind, frozenset(words), tuple(prefixes), tuple(concepts), optional=optional)


def _file(level: _Level, name: str, pattern: tuple[Element, ...]) -> None:
    """Put a pattern where its first element will find it."""
    first = next(e for e in pattern if e.kind != "behind")
    if first.kind == "number":
        level.by_number.append((name, pattern))
    for word in first.words:
        level.by_word.setdefault(word, []).append((name, pattern))
    for prefix in first.prefixes:
        level.by_prefix.setdefault(prefix[:2], []).append((prefix, name, pattern))
    for concept in first.concepts:
        level.by_concept.setdefault(concept, []).append((name, pattern))


def _candidates(
    level: _Level, token: str, here: Mapping[str, set[int]] | None, number: float | None
) -> Iterator[tuple[str, tuple[Element, ...]]]:
    """Yield the patterns that may start at a word."""
    yield from level.by_word.get(token, ())
    for prefix, name, pattern in level.by_prefix.get(token[:2], ()):
        if token.startswith(prefix):
            yield name, pattern
    for concept in here or ():
        yield from level.by_concept.get(concept, ())
    if number is not None:
        yield from level.by_number


def _match(
    elements: tuple[Element, ...],
    index: int,
    at: int,
    tokens: Sequence[str],
    message: Message,
    found: Mapping[int, Mapping[str, set[int]]],
) -> set[int]:
    """Return where the elements from `index` on can end when they start at word `at`."""
    if index == len(elements):
        return {at}
    element = elements[index]
    if element.kind == "behind":
        before = tokens[at - 1] if at and message.breaks[at] is Break.NONE else ""
        return set() if _is(element, before) else _match(elements, index + 1, at, tokens, message, found)
    started = index > 0 and elements[index - 1].kind != "behind"
    cut = at >= len(tokens) or (started and message.breaks[at] is not Break.NONE)
    if element.kind == "ahead":
        blocked = not cut and (_is(element, tokens[at]) or _starts(element, found.get(at)))
        return set() if blocked else _match(elements, index + 1, at, tokens, message, found)
    if element.kind in ("gap", "close"):
        ends = _match(elements, index + 1, at, tokens, message, found)
        step = at
        for _ in range(int(element.high)):
            if step >= len(tokens) or message.breaks[step] is not Break.NONE:
                break
            if element.kind == "close" and tokens[step] in JOINING:
                break
            step += 1
            ends |= _match(elements, index + 1, step, tokens, message, found)
        return ends
    ends = _match(elements, index + 1, at, tokens, message, found) if element.optional else set()
    if cut:
        return ends
    if element.kind == "number":
        value = message.numbers[at]
        if value is not None and element.low <= value <= element.high:
            ends |= _match(elements, index + 1, at + 1, tokens, message, found)
        return ends
    if started and tokens[at] in FILLERS and not _is(element, tokens[at]):
        ends |= _match(elements, index, at + 1, tokens, message, found)
    if _is(element, tokens[at]):
        ends |= _match(elements, index + 1, at + 1, tokens, message, found)
    here = found.get(at)
    if here:
        for concept in element.concepts:
            for end in here.get(concept, ()):
                ends |= _match(elements, index + 1, end, tokens, message, found)
    return ends


def _is(element: Element, token: str) -> bool:
    """Return whether a word is one of the element's."""
    return token in element.words or (bool(element.prefixes) and token.startswith(element.prefixes))


def _starts(element: Element, here: Mapping[str, set[int]] | None) -> bool:
    """Return whether one of the element's concepts starts at a word."""
    return bool(here) and any(concept in here for concept in element.concepts)
