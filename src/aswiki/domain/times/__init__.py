"""The times people say, in both languages."""
