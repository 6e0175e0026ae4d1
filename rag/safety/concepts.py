"""Load the concept files: what people call body parts, signs, times and circumstances."""

from dataclasses import dataclass
from pathlib import Path

from rag.errors import SafetyDataError
from rag.safety.data_files import fields_of
from rag.safety.patterns import Lexicon


@dataclass(frozen=True, slots=True)
class Concepts:
    """The lexicon and what is special about some of its concepts.

    Attributes:
        lexicon: all concepts, compiled.
        idioms: figures of speech alone, compiled; their words are used up before anything else is read.
        contexts: concepts that count even when long past (an illness once had).
        events: concepts that count only when recent (a fall, an operation).
        short_forms: spellings to replace.
    """

    lexicon: Lexicon
    idioms: Lexicon
    contexts: frozenset[str]
    events: frozenset[str]
    short_forms: dict[str, str]


def split_patterns(block: str) -> list[str]:
    """Return the patterns of a block: separated by commas or line ends, `#` lines are notes."""
    lines = (line.split("#", 1)[0] for line in block.splitlines())
    return [pattern.strip() for line in lines for pattern in line.split(",") if pattern.strip()]


def load_concepts(folder: Path) -> Concepts:
    """Return the concepts of every file in a folder.

    Args:
        folder: holds `*.yaml`; each maps kinds (signs, contexts, events, idioms, short_forms) to names.

    Raises:
        SafetyDataError: a file is malformed, a name is defined twice, or a pattern is wrong.
    """
    patterns: dict[str, list[str]] = {}
    idioms: dict[str, list[str]] = {}
    contexts: set[str] = set()
    events: set[str] = set()
    short_forms: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        fields = fields_of(path)
        fields.only("signs", "contexts", "events", "idioms", "short_forms")
        for kind in fields.keys():
            entries = fields.mapping(kind)
            for name in entries.keys():
                if kind == "short_forms":
                    short_forms[name] = entries.text(name)
                    continue
                if name in patterns or name in idioms:
                    raise SafetyDataError(f"{path.name}: {kind}: {name} is defined twice; expected once")
                entries.text(name)
                (idioms if kind == "idioms" else patterns)[name] = split_patterns(entries.block(name))
                contexts.update([name] if kind == "contexts" else [])
                events.update([name] if kind == "events" else [])
    if not patterns:
        raise SafetyDataError(f"{folder.name}: no concepts; expected *.yaml files with signs")
    return Concepts(Lexicon(patterns), Lexicon(idioms), frozenset(contexts), frozenset(events), short_forms)
