"""The demonstration: a city of fictitious people, and the life of a document played in it (trình diễn)."""
