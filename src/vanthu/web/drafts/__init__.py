"""Dự thảo: write, submit, approve, check, sign."""
