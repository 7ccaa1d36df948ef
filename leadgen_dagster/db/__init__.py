"""Where orders, memos and published rows are kept: SQLite by default, PostgreSQL by setting."""
