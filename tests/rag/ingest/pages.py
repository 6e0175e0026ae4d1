"""Saved pages of the common blog engines around one and the same article, with the furniture that each puts there."""

ARTICLE = """<p>Cold feet keep many people awake, and warm socks are the first thing to try.</p>
<h2>Why feet get cold</h2>
<p>Blood stays near the middle of the body when the room is cold. <a href="https://example.org/x">Rest</a> helps.</p>
<h2>What to try</h2>
<ul><li>Put on dry wool socks an hour before bed.</li><li>Take a warm foot bath.</li></ul>
<table><tr><th>Way</th><th>Minutes</th></tr><tr><td>Foot bath</td><td>10</td></tr></table>
<p>Stop when the skin turns red, and ask a pharmacist when it does not settle.</p>"""

TEXT = """Cold feet keep many people awake, and warm socks are the first thing to try.

## Why feet get cold

Blood stays near the middle of the body when the room is cold. Rest helps.

## What to try

- Put on dry wool socks an hour before bed.
- Take a warm foot bath.

Way: Foot bath; Minutes: 10

Stop when the skin turns red, and ask a pharmacist when it does not settle."""

_HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Warm feet at night | A Blog</title>
<meta property="og:title" content="Warm feet at night"><meta property="og:site_name" content="A Blog">
<link rel="canonical" href="https://blog.example.org/warm-feet/"><meta name="author" content="Jane Roe">
<meta property="article:published_time" content="2024-05-06T10:00:00+00:00">
<script>window.alert("harm")</script><style>.x{display:none}</style></head>"""

WORDPRESS = (
    _HEAD
    + """<body class="single single-post has-sidebar"><a class="skip-link screen-reader-text" href="#c">Skip to content</a>
<header class="site-header"><nav class="main-navigation"><ul class="menu"><li>Home</li><li>Shop socks</li></ul></nav></header>
<main><article class="post type-post"><header class="entry-header"><h1 class="entry-title">Warm feet at night</h1>
<div class="entry-meta">Posted on May 6, 2024 by <span class="author vcard">Jane Roe</span></div></header>
<div class="entry-content"><div class="ez-toc-container"><p>Table of Contents</p><ul><li>Why feet get cold</li></ul></div>"""
    + ARTICLE
    + """<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li>Twitter</li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3><p>Ten soups for the winter</p></div>
<div class="wp-block-jetpack-subscriptions newsletter"><p>Type your email to get each new post in your mailbox.</p></div>
</div><footer class="entry-footer"><span class="cat-links">Posted in Feet</span></footer></article>
<div class="author-box"><h4>About the author</h4><p>Jane Roe is a cook who writes about walks and soups and much more.</p></div>
<nav class="post-navigation">Previous: Cold hands</nav>
<div id="comments" class="comments-area"><h2>3 Comments</h2><ol class="comment-list"><li><p>Tom: a great page!</p></li></ol>
<div id="respond"><h3>Leave a Reply</h3><p>Your email address will not be published.</p></div></div></main>
<aside class="widget-area"><h2>Recent Posts</h2><ul><li>Ten soups for the winter</li></ul></aside>
<footer class="site-footer">Proudly powered by WordPress</footer></body></html>"""
)

BLOGGER = (
    _HEAD
    + """<body><div class="header section">A Blog</div><div class="main section"><div class="blog-posts hfeed">
<h2 class="date-header"><span>Monday, May 6, 2024</span></h2><div class="post hentry"><h3 class="post-title entry-title">
Warm feet at night</h3><div class="post-body entry-content" itemprop="description articleBody">"""
    + ARTICLE
    + """<table class="tr-caption-container"><tr><td><img src="x.jpg"></td></tr><tr><td class="tr-caption">Socks</td></tr></table>
</div><div class="post-footer"><span class="post-author">Posted by Jane Roe</span><div class="post-share-buttons">
Email ThisBlogThis!Share to X</div><span class="post-labels">Labels: feet, sleep</span></div></div></div>
<div class="comments" id="comments"><h4>2 comments:</h4><p>Tom: a great page!</p><a>Post a Comment</a></div>
<div class="blog-pager">Newer Post Older Post Home</div></div><div class="sidebar"><h2>Blog Archive</h2><ul><li>2024</li></ul>
<h2>About Me</h2><p>Jane Roe, cook and walker.</p></div></body></html>"""
)

MEDIUM = (
    _HEAD
    + """<body><div id="root"><div class="a b c"><div class="d">Open in app</div><a>Sign up</a><a>Sign in</a></div>
<article><div class="e f"><section><div><h1 class="pw-post-title">Warm feet at night</h1><div class="g"><a>Jane Roe</a>
<p>Follow</p><span>4 min read</span><span>·</span><span>May 6, 2024</span></div><div><p>--</p><p>Listen</p><p>Share</p></div>"""
    + ARTICLE.replace("<p>", '<p class="pw-post-body-paragraph mz na">')
    + """<figure><img src="x.png"><figcaption>Photo by A Body on Unsplash</figcaption></figure></div></section></div></article>
<div class="h"><p>Written by Jane Roe</p><p>1.2K Followers</p><h2>More from Jane Roe</h2><p>Ten soups for the winter</p>
<h2>Recommended from Medium</h2><p>A walk a day</p></div></div></body></html>"""
)

GHOST = (
    _HEAD
    + """<body class="post-template"><header class="gh-head"><nav>Home About</nav></header><main class="gh-main">
<article class="gh-article"><header class="gh-article-header"><h1 class="gh-article-title">Warm feet at night</h1>
<div class="gh-article-meta">Jane Roe 06 May 2024 — 4 min read</div></header><section class="gh-content gh-canvas">"""
    + ARTICLE
    + """<div class="kg-card kg-signup-card"><h2>Sign up for A Blog</h2><p>A letter every week about feet and soups.</p></div>
<div class="kg-card kg-cta-card"><p>Buy our socks today.</p></div></section></article>
<section class="gh-comments"><h2>Member discussion</h2></section><div class="gh-readmore"><h2>Read more</h2>
<article><h3>Ten soups for the winter</h3></article></div></main>
<footer class="gh-foot">Powered by Ghost</footer></body></html>"""
)

SUBSTACK = (
    _HEAD
    + """<body><div class="main-menu">A Blog Subscribe Sign in</div><div class="single-post-container"><article class="post">
<div class="post-header"><h1 class="post-title">Warm feet at night</h1><h3 class="subtitle">On socks</h3>
<div class="pencraft byline-wrapper">Jane Roe May 06, 2024</div><div class="post-ufi">12 3 Share</div></div>
<div class="available-content"><div class="body markup" dir="auto">"""
    + ARTICLE
    + """<div class="subscription-widget-wrap"><div class="subscription-widget"><p>Thanks for reading A Blog! Subscribe for free
to receive new posts and support my work.</p><input placeholder="Type your email..."><button>Subscribe</button></div></div>
<p class="button-wrapper"><a class="button primary">Share</a></p></div></div>
<div class="post-footer"><div class="like-button">12 Likes</div></div></article>
<div class="comments-section"><h4>Discussion about this post</h4><p>Tom: a great page!</p></div>
<div class="portable-archive"><h4>Ten soups for the winter</h4></div><p>Ready for more?</p></div></body></html>"""
)

SQUARESPACE = (
    _HEAD
    + """<body id="collection-1" class="view-item"><header class="header"><nav class="header-nav">Home Blog</nav></header>
<main><article class="h-entry blog-item"><div class="blog-item-wrapper"><div class="blog-item-top-wrapper">
<div class="blog-item-title"><h1 class="entry-title">Warm feet at night</h1></div>
<div class="blog-item-meta-wrapper"><span class="blog-author-name">Jane Roe</span> <time>May 6</time></div></div>
<div class="blog-item-content-wrapper"><div class="blog-item-content e-content"><div class="sqs-layout"><div class="row">
<div class="sqs-block html-block"><div class="sqs-block-content">"""
    + ARTICLE
    + """</div></div><div class="sqs-block newsletter-block"><p>Sign up with your email address to receive news and updates.</p></div>
<div class="sqs-block summary-block"><h3>Featured</h3><p>Ten soups for the winter</p></div></div></div></div></div>
<div class="blog-item-author-profile-wrapper"><p>Jane Roe is a cook.</p></div>
<div class="blog-item-comments squarespace-comments"><h3>Comments (0)</h3></div></div></article>
<section class="item-pagination">Next Cold hands</section></main><footer>© 2024 A Blog</footer></body></html>"""
)

WIX = (
    _HEAD
    + """<body><div id="SITE_CONTAINER"><header id="SITE_HEADER"><nav>Home Blog</nav></header><main id="PAGES_CONTAINER">
<div data-hook="post-page"><div class="category-menu"><a>All Posts</a></div><article data-hook="post">
<div data-hook="post-header"><span data-hook="user-name">Jane Roe</span> <span title="May 6, 2024">May 6, 2024</span>
<span>4 min read</span></div><h1 data-hook="post-title">Warm feet at night</h1><section data-hook="post-description">
<div data-id="rich-content-viewer" class="fTEXDR">"""
    + ARTICLE
    + """</div></section><footer data-hook="post-footer"><ul class="post-categories"><li>Feet</li></ul><span>120 views</span>
<span>0 comments</span></footer></article><div data-hook="recent-posts"><h2>Recent Posts</h2><a>See All</a>
<p>Ten soups for the winter</p></div><div data-hook="comments"><h2>Comments</h2><p>Write a comment...</p></div></div></main>
<footer id="SITE_FOOTER">©2024 by A Blog. Proudly created with Wix.com</footer></div></body></html>"""
)

UNKNOWN = (
    _HEAD
    + """<body><div id="top"><a>Home</a> <a>Shop socks</a></div><div id="middle"><h1>Warm feet at night</h1><p>By Jane Roe</p>"""
    + ARTICLE
    + """<p>Also read: Ten soups for the winter</p></div><div id="bottom">© 2024 A Blog</div></body></html>"""
)

ENGINES = {
    "wordpress": WORDPRESS,
    "blogger": BLOGGER,
    "medium": MEDIUM,
    "ghost": GHOST,
    "substack": SUBSTACK,
    "squarespace": SQUARESPACE,
    "wix": WIX,
    "unknown": UNKNOWN,
}
