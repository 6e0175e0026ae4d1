"""The index on a Milvus server that many readers share: vectors there, texts and keywords copied to each replica."""
