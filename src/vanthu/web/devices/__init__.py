"""Signing with a token at the signer's browser, and waiting for a remote service: what their screens ask."""
