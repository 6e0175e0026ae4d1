"""Starts Milvus in a network of its own; run by the Python that CITEWELL_TEST_MILVUS_PYTHON names."""
