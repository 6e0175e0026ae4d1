"""Read a site's map: the address and date of its pages, for saved pages that do not state their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import regex
from lxml import etree

from rag.ingest.xml_names import local_name

MAX_ADDRESSES = 50_000
"""What the protocol of site maps allows in one file."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that a site's map lists."""

    url: str
    changed: str | None


def listed_pages(root: etree._Element) -> list[Listed]:
    """Return the pages of a map, in its order."""
    found: list[Listed] = []
    for entry in root:
        if local_name(entry) != "url" or len(found) >= MAX_ADDRESSES:
            continue
        fields = {local_name(child): (child.text or "").strip() for child in entry}
        url, changed = fields.get("loc", ""), fields.get("lastmod", "")[:10]
        if regex.fullmatch(r"https?://\S{1,2000}", url):
            found.append(Listed(url, changed if regex.fullmatch(r"\d{4}-\d\d-\d\d", changed) else None))
    return found


class SiteMap:
    """Finds the listed page that a saved file is, by the longest end that their paths share."""

    def __init__(self, pages: list[Listed]) -> None:
        self._by_end: Mapping[str, list[tuple[str, Listed]]] = {}
        ends: dict[str, list[tuple[str, Listed]]] = {}
        for page in pages:
            path = _path_of(unquote(urlsplit(page.url).path))
            ends.setdefault(PurePosixPath(path).name, []).append((path, page))
        self._by_end = ends

    def page_of(self, path: PurePosixPath) -> Listed | None:
        """Return the listed page of a file, None when no page or more than one fits.

        Args:
            path: the file's place within the folder of the export.
        """
        here = _path_of(str(path))
        fits = [
            page
            for place, page in self._by_end.get(PurePosixPath(here).name, ())
            if f"/{here}".endswith(f"/{place}") or f"/{place}".endswith(f"/{here}")
        ]
        return fits[0] if len({page.url for page in fits}) == 1 else None


def _path_of(path: str) -> str:
    """A path without what servers and saving programs add: slashes at the ends, index.html, the suffix."""
    bare = regex.sub(r"(?:^|/)index\.html?$", "", path.strip("/"))
    return regex.sub(r"\.(?:html?|php)$", "", bare).strip("/").lower()
