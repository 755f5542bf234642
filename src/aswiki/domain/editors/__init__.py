"""What editors are told of the schema, each a value: front matter, snippets, settings."""
