"""Open packed documents (Word, EPUB) without unpacking more than the limits allow."""

import io
import zipfile
import zlib

import regex
from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from rag.errors import UnreadableFileError
from rag.ingest.limits import ReadingLimits, setting

MAX_PARTS = 10_000
MAX_XML_BYTES = 25 * 1024 * 1024
"""One part in XML; a document tree takes some twenty times as much memory. A long book's text has 2 MiB."""

MAX_XML_TAGS = 400_000
"""Tags of one part; a book of 300 pages has some 150,000, and each takes up to 1 KiB of a document tree."""

_ENTITY = regex.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", regex.IGNORECASE)


class PackedDocument:
    """The parts of a zip file, each read within bounds. Nothing is ever written to disk."""

    def __init__(self, content: bytes, limits: ReadingLimits) -> None:
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
            entries = self._file.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError) as error:
            raise UnreadableFileError("it is cut short or damaged; save it again") from error
        total = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_PARTS or total > limits.max_unpacked_bytes:
            raise UnreadableFileError(
                f"unpacks to {total} bytes in {len(entries)} parts; expected at most {limits.max_unpacked_bytes} bytes "
                f"in {MAX_PARTS}; make it smaller or raise {setting('max_unpacked_mb')}"
            )
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableFileError("it is encrypted; save it without a password")
        self._parts = {entry.filename: entry for entry in entries}

    def names(self) -> list[str]:
        """Return the names of the parts."""
        return list(self._parts)

    def read(self, name: str) -> bytes | None:
        """Return a part, or None when there is none of that name.

        Raises:
            UnreadableFileError: the part is damaged or too large.
        """
        entry = self._parts.get(name)
        if entry is None:
            return None
        if entry.file_size > MAX_XML_BYTES:
            raise UnreadableFileError(f"a part of it holds {entry.file_size} bytes; expected at most {MAX_XML_BYTES}")
        try:
            with self._file.open(entry) as part:
                return part.read(MAX_XML_BYTES + 1)[:MAX_XML_BYTES]
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise UnreadableFileError("a part of it is damaged; save it again") from error

    def xml(self, name: str) -> SafeTree:
        """Return the root of a part in XML, None when there is no such part or it is malformed.

        Raises:
            UnreadableFileError: it defines entities.
        """
        content = self.read(name)
        if content is None:
            return None
        try:
            return SafeTree.fromstring(content, forbid_dtd=False, forbid_entities=True, forbid_external=True)
        except DefusedXmlException as error:
            raise UnreadableFileError("it defines or fetches XML entities, which no article needs") from error
        except (SafeTree.ParseError, ValueError, LookupError):
            return None

    def refuse_odd_parts(self) -> None:
        """Refuse a document whose XML parts define a document type, which office programs never do, or are too large.

        Raises:
            UnreadableFileError: a part is like that.
        """
        for name in self._parts:
            if not name.lower().endswith((".xml", ".rels")):
                continue
            content = self.read(name) or b""
            if b"\x00" in content[:200]:  # UTF-16 would hide it from the search
                content = content.replace(b"\x00", b"")
            if content.count(b"<") > MAX_XML_TAGS:
                raise UnreadableFileError(
                    f"a part of it holds {content.count(b'<')} tags; expected at most {MAX_XML_TAGS}; cut it into parts"
                )
            if _ENTITY.search(content):
                raise UnreadableFileError("it defines or fetches XML entities, which no article needs")


def words_of(root: SafeTree, name: str) -> str | None:
    """Return the text of the first element with a local name under a root, or None."""
    if root is None:
        return None
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.rsplit("}", 1)[-1] == name:
            text = " ".join("".join(element.itertext()).split())
            if text:
                return text
    return None
