"""Văn bản đi at the records office: number, seal, issue, follow."""
