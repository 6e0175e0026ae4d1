"""Well-formed files of every format, from which a fuzzer makes malformed ones."""

import io
from collections.abc import Iterator

from tests.rag.ingest.documents import PdfFile, epub_file, word_file, word_paragraph, word_table

MARKDOWN = b"""---
id: seed
title: "A seed"
reviewed: 2026-01-15
sources:
  - {key: A, who: A body, document: A paper, year: 2006}
sections:
  - heading: Heat
    evidence: trial
    questions: [is heat good]
---

# A seed

## Heat

Warmth *may* help `some` [people](https://example.org) for a while. ![x](y.png)

- one
  1. two

> Quoted.

| Way | Minutes |
|---|---|
| Heat | 20 |
"""
TEXT = b"""Warm Feet

Why Feet Get Cold

Cold feet are common in winter. Call Jane on 020 7946 0958 or write to jane@example.org.

1. Wool socks: put them on.
\xe2\x80\xa2 a towel

Leave a Reply
"""
PAGE = b"""<!doctype html><html><head><meta charset="utf-8"><title>Seed - Blog</title><meta property="og:title" content="Seed">
<script type="application/ld+json">{"author": {"name": "Jane Roe"}}</script></head><body><nav>Home</nav>
<div class="entry-content"><h2>Heat</h2><p>Warmth may help some people for a while, and it rarely harms.</p>
<ul><li>one<ol start="3"><li>two</ol></ul><table><tr><th>Way<th>Minutes<tr><td rowspan=2>Heat<td>20<tr><td>30</table>
<dl><dt>Term<dd>What it means</dl><p style="display:none">hidden</p><div class="sharedaddy">Share</div></div>
<div id="comments"><h3>Leave a Reply</h3></div></body></html>"""
RSS = b"""<?xml version="1.0"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel><title>Blog</title><item><title>Seed &amp;amp; all</title>
<link>https://example.org/seed/</link><dc:creator>Jane Roe</dc:creator><pubDate>Mon, 06 May 2024 10:00:00 +0000</pubDate>
<content:encoded><![CDATA[<p>Warmth may help some people for a while, and it rarely harms anybody who takes care with
it and does not fall asleep on a hot pack at night.</p>]]></content:encoded></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><entry><title>Seed</title><link href="https://a.org/b"/>
<updated>2024-05-06T10:00:00Z</updated><author><name>Jane</name></author><content type="xhtml"><div
xmlns="http://www.w3.org/1999/xhtml"><p>Warmth may help some people for a while, and it rarely harms anybody who takes
care with it and does not fall asleep on it at night.</p></div></content></entry></feed>"""
SITE_MAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://example.org/seed/</loc>
<lastmod>2024-05-06</lastmod></url></urlset>"""


def pdf_seed() -> bytes:
    """A PDF with a heading, two columns' worth of lines and a table."""
    file = PdfFile(title="Seed", author="Jane Roe")
    file.page.line("Seed", 60, 60, size=18, bold=True)
    file.page.lines(
        ["Warmth may help some people for a", "while, and it rarely harms any-", "body who takes care."], 60, 100
    )
    file.page.table([["Way", "Minutes"], ["Heat", "20"]], 60, 200)
    file.end_page()
    return file.content()


def word_seed() -> bytes:
    """A Word document with a heading, a list and a table."""
    return word_file(
        word_paragraph("Seed", "Heading1"),
        word_paragraph("Warmth may help some people for a while."),
        word_paragraph("one", list_number=1),
        word_table([["Way", "Minutes"], ["Heat", "20"]]),
    )


def seeds() -> Iterator[tuple[str, bytes]]:
    """Yield suffix and content."""
    yield ".md", MARKDOWN
    yield ".txt", TEXT
    yield ".txt", TEXT.decode().encode("utf-16")
    yield ".html", PAGE
    yield ".xml", RSS
    yield ".xml", ATOM
    yield ".xml", SITE_MAP
    yield ".pdf", pdf_seed()
    yield ".docx", word_seed()
    yield (
        ".epub",
        epub_file({"one.xhtml": "<h1>One</h1><p>Warmth may help some people.</p>", "nav.xhtml": "<p>One</p>"}),
    )


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a packed document."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}
