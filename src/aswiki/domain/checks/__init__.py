"""The rules of the schema: what is wrong with a record, alone and among the others."""
