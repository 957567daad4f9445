"""Bản thể hiện: what a file looks like on paper and screen — page images, text layers, fields and stamps.

Front door: `pages`, `inspection`, `form_fields`, `stamps`.
"""
