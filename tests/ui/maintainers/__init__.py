"""The maintainers' pages, behind a sign-in."""
