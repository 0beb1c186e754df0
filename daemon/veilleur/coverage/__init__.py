"""Pure rules over what the store holds: what was not seen, and what is wrong with our own system."""
