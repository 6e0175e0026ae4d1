"""Where the common blog engines put the article of a page, and what they put around and into it.

WordPress, Blogger, Medium, Ghost, Substack, Squarespace and Wix; most others copy their names.
"""

from functools import lru_cache

import regex
from lxml import etree

from rag.ingest.html_tree import text_of
from rag.ingest.removed import Reason

# Without VERSION1, whose full case folding takes exponential time on runs of "f".
_FLAGS = regex.IGNORECASE


def _classed(*names: str) -> str:
    return (
        "//*[" + " or ".join(f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in names) + "]"
    )


CONTAINERS = (
    _classed("wp-block-post-content"),  # WordPress, block themes
    _classed("entry-content"),  # WordPress, Squarespace 7.0, older Blogger
    _classed("post-body"),  # Blogger
    _classed("gh-content", "post-full-content"),  # Ghost
    _classed("available-content"),  # Substack, around body and footnotes
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' body ') and contains(@class, 'markup')]",  # Substack
    "//*[@data-hook='post-description']",  # Wix
    "//*[@data-id='rich-content-viewer']",  # Wix
    _classed("blog-item-content", "blog-item-content-wrapper"),  # Squarespace 7.1
    "//*[@itemprop='articleBody']",
    _classed("post-content", "article-content", "article-body", "single-content", "td-post-content"),
    "//article[not(ancestor::article)]",  # Medium, and whoever follows the standard
    "//main",
)
"""Tried in this order; one counts when exactly one element of the page matches and it holds enough words."""

_PARTS = {
    Reason.SHARING: r"""
        share sharing sharedaddy shared?post social addtoany heateor addthis sd-(?:block|social|like)
        jp-post-flair likes?-(?:widget|button) post-ufi action-bar clap
    """,
    Reason.RELATED: r"""
        related jp-relatedposts yarpp recommend(?:ed|ations)? read-(?:next|more|also) more-posts popular
        also-like post-?pagination recirculation item-pagination summary-block crp_related
        wp-block-latest-posts outpost
    """,
    Reason.COMMENTS: r"""
        comments? comment-?(?:list|form|respond|area|section|thread)s? respond disqus(?:_thread)?
        commentlist discussion responses? remark42 giscus
    """,
    Reason.AUTHOR_BOX: r"""
        author-?(?:box|bio|info|card|profile|description|wrap|block) about-?(?:the-)?author byline
        post-author saboxplugin pp-multiple-authors blog-author gh-article-author pencraft-byline author
    """,
    Reason.SIGN_UP: r"""
        newsletter subscri(?:be|ption) sign-?up mailchimp mc4wp opt-?in paywall kg-signup-card
        subscription-widget jetpack_subscription_widget gh-subscribe email-capture lead-?magnet
        call-?to-?action cta
    """,
    Reason.CONTENTS: r"""
        toc table-of-contents ez-toc(?:-container)? lwptoc rank-math-toc wp-block-table-of-contents
    """,
    Reason.NAVIGATION: r"""
        nav navbar navigation menu breadcrumbs? pagination pager blog-pager skip-link post-nav sidebar
        widget-area site-(?:header|footer)
    """,
    Reason.PAGE_DATA: r"""
        tag-?(?:cloud|list|links) tags post-tags cat-links categories post-meta entry-meta entry-footer
        entry-header-meta post-footer post-labels post-timestamp post-info reading-time post-date item-meta
        blog-meta posted-on edit-link
    """,
    Reason.ADVERTISING: r"""
        ads? advert(?:isement)? adsbygoogle ad-(?:slot|container|unit) sponsor(?:ed)? promo(?:tion)?
        affiliate google-auto-placed code-block ezoic
    """,
    Reason.NOTICE: r"""
        cookies? cookie-?(?:notice|banner|consent) consent gdpr
    """,
    Reason.CAPTION: r"""
        wp-caption-text image-caption(?:-wrapper)? tr-caption gallery-caption image-title caption
    """,
    Reason.HIDDEN: r"""
        screen-reader-text sr-only visually-?hidden assistive-text
    """,
}
"""Patterns of class names and ids, by what such an element holds; a name may have a prefix and an ending."""

_NAMES = tuple(
    (
        reason,
        regex.compile(rf"^(?:[a-z0-9]{{1,6}}[-_]{{1,2}})?(?:{'|'.join(names.split())})(?:[-_].{{0,40}})?$", _FLAGS),
    )
    for reason, names in _PARTS.items()
)

MAX_MATCHES = 100
"""A name that a page uses more often than this marks something other than its article."""

MIN_SHARE_OF_ARTICLE = 0.5
"""What holds more of the article's words than this is the article, whatever its class says."""

MIN_CONTAINER_WORDS = 40
"""A container with fewer words than this is a teaser, unless the whole page has few."""


def article_container(tree: etree._Element) -> etree._Element | None:
    """Return the element that holds the article by its engine's names, or None when no name is clear."""
    words_of_page = len(text_of(tree).split())
    for path in CONTAINERS:
        matches = [one for one in tree.xpath(path) if isinstance(one, etree._Element)]
        if len(matches) > MAX_MATCHES:
            continue
        outer = [one for one in matches if not any(other in matches for other in one.iterancestors())]
        if len(outer) == 1 and len(text_of(outer[0]).split()) >= min(MIN_CONTAINER_WORDS, words_of_page / 2):
            return outer[0]
    return None


class PartOfPage:
    """Tells page furniture inside an article's container by the names that engines and plug-ins give it."""

    def __init__(self, container: etree._Element) -> None:
        self._words = max(1, len(text_of(container).split()))

    def __call__(self, element: etree._Element) -> Reason | None:
        """Return why an element is no part of the article, None when it is."""
        reason = None
        for name in (
            *(element.get("class") or "").split()[:20],
            element.get("id") or "",
            element.get("data-testid") or "",
        ):
            reason = reason or _reason_for(name)
        if element.get("role") in ("navigation", "search", "complementary", "contentinfo", "banner", "dialog"):
            reason = reason or Reason.NAVIGATION
        tag = element.tag.lower() if isinstance(element.tag, str) else ""
        if tag in ("aside", "footer"):
            reason = reason or Reason.FURNITURE
        if reason is None or len(text_of(element).split()) > MIN_SHARE_OF_ARTICLE * self._words:
            return None
        return reason


@lru_cache(maxsize=4096)
def _reason_for(name: str) -> Reason | None:
    if not 2 <= len(name) <= 60:
        return None
    return next((reason for reason, pattern in _NAMES if pattern.match(name)), None)
