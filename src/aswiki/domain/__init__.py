"""The customer's world as values: no disk, clock, process, database or template."""
