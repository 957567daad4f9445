"""Builders that bring a document to a state by playing the real operations; one module per context."""
