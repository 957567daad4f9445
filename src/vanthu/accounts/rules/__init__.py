"""Words of this context."""
