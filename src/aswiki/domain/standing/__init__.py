"""How a customer stands: weather, what drives it, when they were last heard."""
