"""Rules on registers and numbers, in plain Python."""
