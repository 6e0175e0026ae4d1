"""The page in a real browser, over a really started server."""
