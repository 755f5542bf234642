"""The command line: words in, one use case, lines out."""
