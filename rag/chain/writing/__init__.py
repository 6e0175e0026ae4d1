"""Writing mode: a chat model drafts, and only what the cited passages support is shown."""
