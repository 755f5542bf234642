"""Cloud bills, FOCUS or any columns, read into sums."""
