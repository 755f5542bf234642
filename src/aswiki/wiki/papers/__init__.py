"""What is handed to a reader: reports, briefs, hand-overs, records of work."""
