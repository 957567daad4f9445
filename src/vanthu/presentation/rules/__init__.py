"""Rules on the form of documents, in plain Python."""
