"""The channel between two agencies of this installation; the example to copy (decision D5)."""
