"""Indexing on several processors or machines with Ray Data; the only part that knows Ray."""
