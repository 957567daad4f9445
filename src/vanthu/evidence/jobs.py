"""Background entry points of evidence."""
