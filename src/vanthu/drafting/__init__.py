"""Drafts, review and submission up to the personal signature (dự thảo, trình ký).

Front door: `operations`, `queries`, `events`.
"""
