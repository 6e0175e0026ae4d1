"""Concepts: named sets of phrase patterns, compiled once and found in a message in one pass."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rag.errors import SafetyDataError
from rag.safety.elements import Element, compile_pattern
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
            name: [compile_pattern(name, pattern) for pattern in patterns] for name, patterns in concepts.items()
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
        scan = _Scan(tokens, message, found)
        for level in self._levels:
            fresh: list[tuple[int, str, int]] = []
            for start, token in enumerate(tokens):
                after = tokens[start + 1] if start + 1 < len(tokens) else ""
                for name, elements in _candidates(level, token, found.get(start), message.numbers[start]):
                    if _may_go_on(elements, after):
                        fresh.extend((start, name, end) for end in scan.ends(elements, 0, start))
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
        # Equal elements are one object, and there are few of them.
        elements = {id(e): e for patterns in self._patterns.values() for pattern in patterns for e in pattern}
        return frozenset(
            word
            for element in elements.values()
            for word in (
                *element.words,
                *(p + end for p in element.prefixes for end in ("", "ing", "ed", "s")),
            )
        )


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


def _may_go_on(elements: tuple[Element, ...], after: str) -> bool:
    """Return whether a word may stand second in a pattern of single words; told before the pattern is tried."""
    if len(elements) == 1 or elements[0].concepts or elements[0].kind == "behind":
        return True
    second = elements[1]
    if second.kind != "any" or second.optional or second.prefixes or second.concepts:
        return True
    return after in second.words or after in FILLERS


@dataclass(frozen=True, slots=True)
class _Scan:
    """One pass over a message: what it consists of and what has been found so far."""

    tokens: Sequence[str]
    message: Message
    found: Mapping[int, Mapping[str, set[int]]]

    def ends(self, elements: tuple[Element, ...], index: int, at: int) -> set[int]:
        """Return where the elements from `index` on can end when they start at word `at`."""
        if index == len(elements):
            return {at}
        element = elements[index]
        if element.kind == "behind":
            before = self.tokens[at - 1] if at and self.message.breaks[at] is Break.NONE else ""
            return set() if _is(element, before) else self.ends(elements, index + 1, at)
        started = index > 0 and elements[index - 1].kind != "behind"
        cut = at >= len(self.tokens) or (started and self.message.breaks[at] is not Break.NONE)
        if element.kind == "ahead":
            blocked = not cut and (_is(element, self.tokens[at]) or self._starts(element, at))
            return set() if blocked else self.ends(elements, index + 1, at)
        if element.kind in ("gap", "close"):
            return self._after_gap(elements, index, at)
        ends = self.ends(elements, index + 1, at) if element.optional else set()
        return ends if cut else ends | self._after_word(elements, index, at, started)

    def _after_gap(self, elements: tuple[Element, ...], index: int, at: int) -> set[int]:
        """Return the ends after a gap of no word, one word, and so on."""
        element = elements[index]
        ends = self.ends(elements, index + 1, at)
        for step in range(at, min(at + int(element.high), len(self.tokens))):
            if self.message.breaks[step] is not Break.NONE:
                break
            if element.kind == "close" and self.tokens[step] in JOINING:
                break
            ends = ends | self.ends(elements, index + 1, step + 1)
        return ends

    def _after_word(self, elements: tuple[Element, ...], index: int, at: int, started: bool) -> set[int]:
        """Return the ends after a word, a number, a concept or a word that changes no meaning."""
        element, token = elements[index], self.tokens[at]
        if element.kind == "number":
            value = self.message.numbers[at]
            fits = value is not None and element.low <= value <= element.high
            return self.ends(elements, index + 1, at + 1) if fits else set()
        ends: set[int] = set()
        if _is(element, token):
            ends |= self.ends(elements, index + 1, at + 1)
        elif started and token in FILLERS:
            ends |= self.ends(elements, index, at + 1)
        here = self.found.get(at)
        if here:
            for concept in element.concepts:
                for end in here.get(concept, ()):
                    ends |= self.ends(elements, index + 1, end)
        return ends

    def _starts(self, element: Element, at: int) -> bool:
        """Return whether one of the element's concepts starts at a word."""
        here = self.found.get(at)
        return bool(here) and any(concept in (here or {}) for concept in element.concepts)


def _is(element: Element, token: str) -> bool:
    """Return whether a word is one of the element's."""
    return token in element.words or (bool(element.prefixes) and token.startswith(element.prefixes))
