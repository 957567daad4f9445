"""Trees, proofs, heads and evidence records as values: no database, no clock."""
