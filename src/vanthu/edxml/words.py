"""What a reader refused or noticed, in plain Vietnamese."""

from __future__ import annotations

import re

from vanthu.edxml.message import Notice, Unreadable, WarningKind

_REFUSED = {
    "doctype": "có khai báo DOCTYPE, cách thường dùng để tấn công máy đọc. Đề nghị bên gửi bỏ khai báo này rồi gửi lại",
    "junk": "có nội dung lạ ngoài phần XML. Đề nghị bên gửi tạo lại tệp, bắt đầu đúng từ khai báo XML",
    "not-xml": "không phải XML đúng cú pháp. Đề nghị bên gửi tạo lại tệp",
    "unbound-prefix": "dùng tiền tố XML chưa khai báo. Đề nghị bên gửi tạo lại tệp đúng QCVN 102",
    "namespace": "dùng không gian tên khác QCVN 102:2016. Đề nghị bên gửi dùng bản edXML theo QCVN 102",
    "bomb": "có tệp nén giãn ra quá mức cho phép (bom nén). Không mở tệp này; báo bên gửi",
    "too-large": "vượt dung lượng cho phép. Đề nghị bên gửi chia nhỏ hoặc giảm dung lượng tệp",
    "too-deep": "lồng quá nhiều cấp, không giống gói tin thật. Báo bên gửi",
    "too-many": "có quá nhiều phần tử. Đề nghị bên gửi chia nơi nhận thành nhiều gói",
    "kind": "không phải văn bản hay trạng thái edXML. Kiểm tra có đúng tệp .edxml không",
    "required": "thiếu mục bắt buộc. Đề nghị bên gửi bổ sung rồi gửi lại",
    "attachment-zip": "có tệp nén hỏng hoặc không an toàn. Đề nghị bên gửi đính kèm lại tệp",
    "attachment-base64": "có tệp đính kèm mã hóa base64 sai. Đề nghị bên gửi đính kèm lại tệp",
    "encoding": "không dùng bảng mã UTF-8. Đề nghị bên gửi tạo lại tệp bằng UTF-8",
    "truncated": "bị cắt cụt giữa chừng. Tải lại tệp hoặc đề nghị bên gửi gửi lại",
}
NOTICE_LABELS = {
    WarningKind.BUSINESS_SPELLING: "tên phần nghiệp vụ viết khác quy cách",
    WarningKind.NO_TRACE: "không có dấu vết đường đi, coi là văn bản mới",
    WarningKind.NO_PREFIX: "tiền tố thẻ XML khác quy cách của trục",
    WarningKind.NO_NAMESPACE: "không khai báo không gian tên",
    WarningKind.DATE_FORM: "ngày viết khác quy cách, vẫn đọc được",
    WarningKind.DATE_UNREADABLE: "không đọc được ngày",
    WarningKind.NUMBER_UNREADABLE: "không đọc được số",
    WarningKind.TYPE_UNKNOWN: "nhóm loại văn bản lạ",
    WarningKind.TYPE_NAME_UNKNOWN: "tên loại văn bản lạ",
    WarningKind.ORGAN_CODE_MISSING: "thiếu mã định danh cơ quan",
    WarningKind.ORGAN_CODE_FORM: "mã định danh cơ quan sai quy cách",
    WarningKind.RECEIVER_TWICE: "một nơi nhận ghi hai lần",
    WarningKind.BYTE_ORDER_MARK: "tệp bắt đầu bằng dấu thứ tự byte",
    WarningKind.UNBOUND_ATTRIBUTE_PREFIX: "tiền tố của thuộc tính chưa khai báo",
    WarningKind.ELEMENT_ORDER: "thứ tự các mục khác quy cách",
    WarningKind.ELEMENT_TWICE: "mục ghi hai lần, lấy lần đầu",
    WarningKind.UNKNOWN_ELEMENT: "có mục lạ, bỏ qua",
    WarningKind.FOREIGN_ATTRIBUTE: "có thuộc tính lạ, bỏ qua",
    WarningKind.SIGNATURE_IGNORED: "chữ ký của gói tin không được dùng làm căn cứ",
    WarningKind.STATUS_CODE_FORM: "mã trạng thái viết khác quy cách",
    WarningKind.STATUS_CODE_UNKNOWN: "mã trạng thái lạ",
    WarningKind.NO_ATTACHMENT: "gói tin không có tệp",
    WarningKind.ATTACHMENT_UNPAIRED: "tệp không khớp bảng kê",
    WarningKind.ATTACHMENT_TYPE_LIES: "kiểu tệp khai khác nội dung thật",
    WarningKind.ATTACHMENT_LINE_BREAKS: "nội dung tệp có xuống dòng",
    WarningKind.ATTACHMENT_NAME_CLEANED: "tên tệp đã được làm sạch",
    WarningKind.ATTACHMENT_MANGLED: "tệp có vẻ hỏng do bị chuyển mã",
    WarningKind.FIELD_TOO_LONG: "nội dung dài quá giới hạn của trục",
    WarningKind.FIELD_MISSING: "thiếu mục",
}
_DETAILS = {
    "more than one entry": "gói nén chứa nhiều hơn một tệp",
    "the entry's name leaves its folder": "tên tệp trong gói nén trỏ ra ngoài thư mục",
    "a folder, not a file": "trong gói nén là thư mục",
    "two names for one entry": "gói nén ghi hai tên cho một tệp",
    "checksum": "sai mã kiểm",
    "cut short": "bị cắt cụt",
    "no directory": "không có mục lục",
    "no end of the directory": "mục lục bị cắt cụt",
    "encrypted": "có mật khẩu",
    "unknown compression": "kiểu nén lạ",
    "not deflated": "dữ liệu nén hỏng",
    "stored without its size": "không ghi kích thước",
    "zip ratio": "tỷ lệ nén bất thường",
    "message": "cả gói tin",
    "markup": "phần khai báo, chưa kể tệp",
    "elements": "phần tử XML",
    "attachments": "tệp đính kèm",
    "empty": "tệp rỗng",
    "no end of the message": "thiếu phần kết",
    "text after the padding": "có chữ sau dấu đệm",
    "two contents in one attachment": "một tệp có hai nội dung",
    "an element inside": "có thẻ XML bên trong",
    "unzipped attachment": "tệp sau khi giải nén",
}
_LINE = re.compile(r"line ([0-9]+), column ([0-9]+): .*", re.DOTALL)


def refusal_sentence(refusal: Unreadable) -> str:
    """`Không đọc được gói tin: …`: what did not happen, why, what to do."""
    why = _REFUSED.get(refusal.code, refusal.code)
    cause, stop, remedy = why.partition(". ")
    where = _LINE.sub(r"dòng \1, cột \2", _DETAILS.get(refusal.detail, refusal.detail))
    detail = f" ({where})" if where else ""
    return f"Không đọc được gói tin: {cause}{detail}{stop}{remedy}."


def notice_sentence(notice: Notice) -> str:
    """`Ngày viết khác quy cách, vẫn đọc được (PromulgationDate: 30/10/2020)`."""
    where = ": ".join(part for part in (notice.element, notice.raw) if part)
    words = NOTICE_LABELS[notice.kind]
    return f"{words[0].upper()}{words[1:]}" + (f" ({where})" if where else "")
