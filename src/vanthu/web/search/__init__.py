"""Tìm văn bản: what one may see, by number, subject and issuer."""
