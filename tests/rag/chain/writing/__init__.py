"""Tests of writing mode."""
