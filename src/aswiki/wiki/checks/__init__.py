"""Records and settings held against the rules, and mended where that is plain."""
