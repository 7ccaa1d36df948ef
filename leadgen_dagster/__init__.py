"""Orders become businesses, snapshots, contacts, scores, generated sites, campaigns and an export."""
