"""The leads as files: one column schema, several formats, and a report to look at."""
