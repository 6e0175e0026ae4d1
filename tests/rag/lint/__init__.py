"""Tests of the article checker."""
