"""The shared store on a real Milvus server; `launcher` is run by another Python, which has the server."""
