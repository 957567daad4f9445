"""Words of renditions, in plain Python."""
