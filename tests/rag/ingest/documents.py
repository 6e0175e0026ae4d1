"""Documents made on the fly: Word, EPUB and PDF files as word processors and printers write them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
_ROOT_RELATIONS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>"""
_STYLES = f"""<w:styles {_W}>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/></w:style></w:styles>"""
_NUMBERING = f"""<w:numbering {_W}>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
</w:numbering>"""
_DOCUMENT_RELATIONS = f"""<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="{_RELATIONS}/styles" Target="styles.xml"/>
<Relationship Id="r2" Type="{_RELATIONS}/numbering" Target="numbering.xml"/></Relationships>"""
_CORE = """<?xml version="1.0" encoding="UTF-8"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">
<dc:title>Warm feet</dc:title><dc:creator>Jane Roe</dc:creator>
<dcterms:modified>2024-05-06T10:00:00Z</dcterms:modified></cp:coreProperties>"""


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file with the given parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return target.getvalue()


def word_paragraph(text: str, style: str = "", list_number: int = 0) -> str:
    """A paragraph of a Word document, in a style or a list (1 has bullets, 2 numbers)."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if list_number:
        properties += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list_number}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def word_table(rows: Sequence[Sequence[str]]) -> str:
    """A table of a Word document."""
    cells = ["".join(f"<w:tc>{word_paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def word_file(*body: str, **other_parts: str | bytes) -> bytes:
    """A Word document; further parts go by their names with "__" for "/"."""
    return packed(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _ROOT_RELATIONS,
            "word/document.xml": f"<w:document {_W}><w:body>{''.join(body)}</w:body></w:document>",
            "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
            "word/styles.xml": _STYLES,
            "word/numbering.xml": _NUMBERING,
            "docProps/core.xml": _CORE,
            **{name.replace("__", "/"): content for name, content in other_parts.items()},
        }
    )


def epub_file(chapters: Mapping[str, str], *, aside: Sequence[str] = (), **other_parts: str) -> bytes:
    """An EPUB book of XHTML bodies by file name; those in `aside` are marked as not linear."""
    items, spine = "", ""
    for number, name in enumerate(chapters):
        properties = 'properties="nav"' if name.startswith("nav") else ""
        items += f'<item id="i{number}" href="text/{name}" media-type="application/xhtml+xml" {properties}/>'
        linear = "no" if name in aside else "yes"
        spine += f'<itemref idref="i{number}" linear="{linear}"/>'
    pages = {
        f"OEBPS/text/{name}": '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html>'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{body}</body></html>'
        for name, body in chapters.items()
    }
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
            "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<metadata><dc:title>A book of backs</dc:title><dc:creator>Jane Roe</dc:creator>"
            f"<dc:date>2021-02-03</dc:date></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>",
            **pages,
            **{name.replace("__", "/"): content for name, content in other_parts.items()},
        }
    )


class PdfPage:
    """Draws lines of text on a page; places are in points from the upper left corner."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas

    def line(self, text: str, left: float, top: float, *, size: float = 10, bold: bool = False) -> None:
        """Draw one line."""
        self._canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self._canvas.drawString(left, A4[1] - top - size, text)

    def lines(self, texts: Sequence[str], left: float, top: float, *, step: float = 12) -> float:
        """Draw lines below each other; return where the next one would be."""
        for number, text in enumerate(texts):
            self.line(text, left, top + number * step)
        return top + len(texts) * step

    def table(self, rows: Sequence[Sequence[str]], left: float, top: float, *, width: float = 120) -> None:
        """Draw a ruled table."""
        columns, height = len(rows[0]), 18
        self._canvas.grid(
            [left + width * at for at in range(columns + 1)], [A4[1] - top - height * at for at in range(len(rows) + 1)]
        )
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                self.line(cell, left + width * place + 4, top + height * number + 3)


class PdfFile:
    """A PDF made page by page."""

    def __init__(self, *, title: str = "", author: str = "", password: str = "") -> None:
        from reportlab.lib.pdfencrypt import StandardEncryption

        self._target = io.BytesIO()
        encryption = StandardEncryption(password) if password else None
        self._canvas = Canvas(self._target, pagesize=A4, encrypt=encryption)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self.page = PdfPage(self._canvas)

    def end_page(self) -> None:
        """Go to the next page."""
        self._canvas.showPage()

    def content(self) -> bytes:
        """The finished file."""
        self._canvas.save()
        return self._target.getvalue()
