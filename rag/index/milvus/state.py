"""What answers on a server, and what answered before it: a note in the properties of the passages' collection.

The alias names the collection, the note in it the generation: bringing an index up to date changes the note, building
it anew the alias. Either is one step, and both are read by one request.
"""

import json
from dataclasses import dataclass, field, replace

from rag.errors import IndexDamagedError, IndexMissingError
from rag.index.manifest import Manifest
from rag.index.milvus.layout import Names
from rag.index.milvus.server import LONG_S, MilvusServer, ServerError

NOTE = "citewell.generations"
"""Name of the property."""

NOT_FOUND = {1, 4, 100, 1600}
"""Numbers of the server for a collection or alias that is not there, in its versions so far."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation on the server.

    Attributes:
        stamp: of its collections.
        number: which rows of them it sees.
    """

    stamp: str
    number: int

    @property
    def name(self) -> str:
        """Its name, and that of its copy's folder."""
        return f"{self.stamp}-{self.number:x}"


@dataclass(frozen=True, slots=True)
class Note:
    """What the note of a collection says.

    Attributes:
        names: the collections.
        current: number of the generation that answers when the alias points here.
        before: what a roll-back goes to, None for nothing.
        last: the highest number that was ever given.
        manifests: text of the manifest of each generation that is kept, by number.
    """

    names: Names
    current: int
    before: Generation | None
    last: int
    manifests: dict[int, str] = field(repr=False)

    @property
    def generation(self) -> Generation:
        """The generation that answers."""
        return Generation(self.names.stamp, self.current)

    @property
    def manifest(self) -> Manifest:
        """What built it and what it holds.

        Raises:
            IndexDamagedError: it was altered.
            IndexMismatchError: another version of Citewell wrote it.
        """
        return Manifest.parsed(self.manifests[self.current], self.names.passages, ADVICE)

    @property
    def oldest(self) -> int:
        """The lowest number of these collections whose rows are still needed."""
        return min(self._before_here, self.current)

    @property
    def _before_here(self) -> int:
        """Number of the generation that a roll-back goes to in these collections, or of the one that answers."""
        here = self.before is not None and self.before.stamp == self.names.stamp
        return self.before.number if self.before is not None and here else self.current

    def followed_by(self, number: int, manifest: Manifest) -> "Note":
        """Return the note when a new generation of the same collections answers."""
        kept = {self.current: self.manifests[self.current], number: manifest.text}
        return Note(self.names, number, self.generation, number, kept)

    def without_future(self) -> "Note":
        """Return the note when nothing after the generation that answers is kept: rolling back did leave one there."""
        return replace(self, before=None) if self._before_here > self.current else self


ADVICE = "run: citewell index --rebuild"


def read_note(server: MilvusServer, collection: str | None = None) -> Note:
    """Return the note of a collection.

    Args:
        server: where it is.
        collection: its name; None takes the one that the alias points to.

    Raises:
        IndexMissingError: there is no such collection.
        IndexDamagedError: it has no note, or one that cannot be read.
        ServerError: the server does not answer.
    """
    try:
        found = server.call("describe_collection", collection or server.alias)
    except ServerError as error:
        if error.code not in NOT_FOUND:
            raise
        raise IndexMissingError(f"no index on {server.place}; run: citewell index") from None
    name, text = str(found["collection_name"]), (found.get("properties") or {}).get(NOTE)
    try:
        fields = json.loads(text or "")
        before = fields["before"]
        note = Note(
            names=Names(server.alias, name.rpartition("_")[2]),
            current=int(fields["current"]),
            before=Generation(str(before[0]), int(before[1])) if before else None,
            last=int(fields["last"]),
            manifests={int(number): str(manifest) for number, manifest in fields["manifests"].items()},
        )
        note.manifests[note.current]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise IndexDamagedError(f"collection {name} on {server.uri} is no index of Citewell; {ADVICE}") from error
    return note


def write_note(server: MilvusServer, note: Note) -> None:
    """Put a note in the place of the one that its collection has, in one step."""
    before = [note.before.stamp, note.before.number] if note.before else None
    fields = {"current": note.current, "before": before, "last": note.last, "manifests": note.manifests}
    server.call("alter_collection_properties", note.names.passages, {NOTE: json.dumps(fields)}, timeout_s=LONG_S)


def point_alias(server: MilvusServer, names: Names) -> None:
    """Let the alias point to the passages of a build, in one step."""
    try:
        server.ask("describe_alias", server.alias)
    except ServerError as error:
        if error.code not in NOT_FOUND:
            raise
        server.call("create_alias", names.passages, server.alias, timeout_s=LONG_S)
    else:
        server.call("alter_alias", names.passages, server.alias, timeout_s=LONG_S)
