"""Indexing on a Ray cluster: real clusters on this machine, in processes of their own."""
