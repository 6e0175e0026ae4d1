"""The chat page: an `Answer` on a screen. Start it with `citewell serve` or `python -m ui`."""
