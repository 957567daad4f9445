"""Reads of the log of proofs."""
