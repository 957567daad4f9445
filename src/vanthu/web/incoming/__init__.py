"""Văn bản đến at the records office: receive, refuse, register, submit, take in paper."""
