"""Directive notes, assignments and their deadlines (bút phê, chủ trì/phối hợp, thời hạn).

Front door: `operations`, `queries`, `events`.
"""
