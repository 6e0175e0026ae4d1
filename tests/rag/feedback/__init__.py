"""The feedback store, over SQLite and over PostgreSQL."""
