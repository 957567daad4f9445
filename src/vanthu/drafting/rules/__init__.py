"""What may happen to a draft, who may do it, and what must be there first."""
