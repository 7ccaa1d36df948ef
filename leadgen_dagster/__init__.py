"""Orders become businesses, page snapshots, contacts, website scores, generated sites, campaigns and an export."""
