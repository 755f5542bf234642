"""What changed between two versions of a record, what may not change, and how two meet."""
