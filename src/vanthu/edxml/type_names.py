"""Names of document types that are known by name; the numbers beside them cannot be relied on.

Norm: ND30/2020 Đ.7 (29 types); TT01/2011 (32, still in circulation); the legal types of edxml.md §2.6.
"""

from __future__ import annotations

_ADMINISTRATIVE = """
nghị quyết, quyết định, chỉ thị, quy chế, quy định, thông cáo, thông báo, hướng dẫn, chương trình, kế hoạch, phương án,
đề án, dự án, báo cáo, biên bản, tờ trình, hợp đồng, công văn, công điện, bản ghi nhớ, bản cam kết, bản thỏa thuận,
bản thoả thuận, giấy chứng nhận, giấy ủy quyền, giấy uỷ quyền, giấy mời, giấy giới thiệu, giấy nghỉ phép,
giấy đi đường, giấy biên nhận hồ sơ, phiếu gửi, phiếu chuyển, phiếu báo, thư công
"""
_LEGAL = """
hiến pháp, luật, bộ luật, pháp lệnh, lệnh, nghị quyết liên tịch, nghị định, thông tư, thông tư liên tịch
"""

KNOWN_TYPE_NAMES = frozenset(" ".join(name.split()) for name in f"{_ADMINISTRATIVE},{_LEGAL}".split(","))
