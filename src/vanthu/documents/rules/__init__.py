"""Rules on documents, in plain Python."""
