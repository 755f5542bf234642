"""What a review asks of a range of commits: its ends, its records, its files, its hands."""
