"""A foreign file → drafts of records."""
