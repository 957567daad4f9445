"""Digital signatures (ký số)."""
