"""Foreign files become records, one commit an import."""
