"""The operator's desk of the city axis: systems, messages, and what happened to each."""
