"""Chứng thư số: one's own certificates, the agency's register, the installation's trust store."""
