"""A value laid out for a reader; nothing here reads a file of the wiki."""
