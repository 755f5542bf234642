"""Who may read what, and the words that give away."""
