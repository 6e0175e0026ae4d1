"""Many readers at once: real WebSockets, Streamlit's own messages, a really started server."""
