"""Whom an installation trusts: its certificates, revocation lists and the demonstration authority."""
