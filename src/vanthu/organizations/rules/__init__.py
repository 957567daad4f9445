"""Rules on agencies and signing authority, in plain Python."""
