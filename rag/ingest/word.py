"""Read a Word document (.docx): mammoth turns it into HTML by its styles, lists and tables."""

import io

import mammoth

from rag.errors import UnreadableFileError
from rag.ingest.draft import Draft
from rag.ingest.html_tree import blocks_of, parse_html
from rag.ingest.limits import ReadingLimits
from rag.ingest.packed import PackedDocument, words_of
from rag.ingest.raw_blocks import add_blocks

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Caption'] => figcaption:fresh
p[style-name='caption'] => figcaption:fresh
p[style-name^='toc'] => nav:fresh
p[style-name^='TOC'] => nav:fresh
p[style-name='header'] => nav:fresh
p[style-name='footer'] => nav:fresh
comment-reference => !
"""


def read_word(content: bytes, limits: ReadingLimits) -> Draft:
    """Return the article in a Word document.

    Args:
        content: the file.
        limits: bound what it unpacks to.

    Raises:
        UnreadableFileError: it is damaged, encrypted, too large when unpacked, or defines XML entities.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFileError("it is encrypted or of the old .doc format; save it as .docx without a password")
    packed = PackedDocument(content, limits)
    if "word/document.xml" not in packed.names() and "[Content_Types].xml" not in packed.names():
        raise UnreadableFileError("it is no Word document; expected a .docx file saved by a word processor")
    packed.refuse_odd_parts()
    try:
        page = mammoth.convert_to_html(
            io.BytesIO(content),
            style_map=_STYLES,
            include_embedded_style_map=False,  # the file would say how it is read
            convert_image=mammoth.images.img_element(lambda image: {}),
            external_file_access=False,
        ).value
    except (KeyError, IndexError, OSError) as error:
        raise UnreadableFileError("it lacks parts that a Word document has; save it again") from error
    draft = Draft()
    if page:
        add_blocks(blocks_of(parse_html(page), removed=draft.builder.removed), draft.builder)
    facts = packed.xml("docProps/core.xml")
    draft.title = words_of(facts, "title")
    draft.author = words_of(facts, "creator")
    draft.date = (words_of(facts, "modified") or words_of(facts, "created") or "")[:10] or None
    return draft
