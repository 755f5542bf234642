"""What asks for a hand: its clocks, its ladder and its upkeep."""
