"""Dagster, thin: what runs when, on which partition, and what it reports. The domain does the work."""
