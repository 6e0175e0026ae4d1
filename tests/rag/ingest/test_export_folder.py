"""A site's export folder: saved pages, the site's map and its feed make one collection."""

from pathlib import Path

import pytest

from rag.ingest.articles import Refusal, find_files, read_articles
from rag.types import Article
from tests.rag.ingest.pages import ARTICLE, WORDPRESS
from tests.rag.ingest.test_feed import item, rss

PLAIN_PAGE = (
    f"<html><head><title>Cold hands</title></head><body><article><h1>Cold hands</h1>{ARTICLE}</article></body></html>"
)
MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://blog.example.org/2024/cold-hands/</loc><lastmod>2024-06-07T08:00:00+00:00</lastmod></url>
<url><loc>https://blog.example.org/2023/other/</loc></url></urlset>"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    (folder / "2024" / "cold-hands").mkdir(parents=True)
    (folder / "2024" / "cold-hands" / "index.html").write_text(PLAIN_PAGE)
    (folder / "warm-feet.html").write_text(WORDPRESS)
    (folder / "sitemap.xml").write_text(MAP)
    newer = item(link="https://blog.example.org/soup/")
    same = item(link="http://www.blog.example.org/warm-feet/?utm_source=feed")
    (folder / "feed.rss").write_bytes(rss(newer, same))
    return folder


def read(folder: Path) -> tuple[dict[str, Article], list[Refusal]]:
    results = list(read_articles(find_files([folder])[0]))
    return (
        {one.article_id: one for one in results if isinstance(one, Article)},
        [one for one in results if isinstance(one, Refusal)],
    )


def test_pages_and_entries_become_articles_once_each(export: Path) -> None:
    articles, refused = read(export)

    assert {name: article.path for name, article in articles.items()} == {
        "index": "2024/cold-hands/index.html",
        "warm-feet": "warm-feet.html",
        "soup": "feed.rss",
    }
    assert not refused


def test_map_gives_a_page_its_address_and_date(export: Path) -> None:
    article = read(export)[0]["index"]

    assert article.url == "https://blog.example.org/2024/cold-hands/"
    assert article.extra["published"] == "2024-06-07"


def test_page_that_two_addresses_fit_gets_neither(export: Path) -> None:
    twice = MAP.replace("2023/other", "2023/cold-hands")
    (export / "sitemap.xml").write_text(twice)
    (export / "cold-hands.html").write_text(PLAIN_PAGE)

    assert read(export)[0]["cold-hands"].url is None


def test_entry_whose_id_is_taken_gets_an_ending_of_its_own(export: Path) -> None:
    (export / "feed.rss").write_bytes(rss(item(link="https://other.example.org/warm-feet/")))

    names = [name for name in read(export)[0] if name.startswith("warm-feet")]
    assert len(names) == 2
    assert names[0] == "warm-feet"


def test_teasers_of_a_feed_give_one_line(export: Path) -> None:
    (export / "feed.rss").write_bytes(rss(item(), item("<p>On the site.</p>"), item("<p>On the site too.</p>")))

    (refusal,) = read(export)[1]
    assert refusal.path == "feed.rss (2 of its entries)"
