"""Reports as values: computed from records, before anything is laid out."""
