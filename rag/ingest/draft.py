"""What a reader of one format hands over: text with offsets and what the file says about itself."""

from dataclasses import dataclass, field

from rag.ingest.text_builder import TextBuilder


@dataclass
class Draft:
    """An article before its file's name, folder and digest are added.

    Attributes:
        builder: text, blocks and what was taken out.
        title: as the file states it, or None.
        header: the fields of a header in YAML; empty for other formats.
        url: where the original stands.
        date: when it was published or last changed, in ISO form where the file gives it so.
        author: who wrote it; becomes its source.
        site: name of the site or publisher.
        name: name of an entry within a file of several articles, from which its id is made; None for a whole file.
        identity: what the entry's digest is made of; None takes the file.
    """

    builder: TextBuilder = field(default_factory=TextBuilder)
    title: str | None = None
    header: dict[str, object] = field(default_factory=dict)
    url: str | None = None
    date: str | None = None
    author: str | None = None
    site: str | None = None
    name: str | None = None
    identity: bytes | None = None
