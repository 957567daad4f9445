"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

_NOT_SIGNED = "Chưa ký được văn bản."

REFUSALS: Catalogue = {
    "signing.key.missing": Refusal(
        "VT-SIG-001",
        _NOT_SIGNED,
        "{owner} chưa có chứng thư số đăng ký trên hệ thống.",
        "Đề nghị quản trị cơ quan đăng ký chứng thư số.",
    ),
    "signing.key.cannot-open": Refusal(
        "VT-SIG-002", _NOT_SIGNED, "Không mở được khóa ký.", "Báo quản trị kiểm tra nơi giữ khóa."
    ),
    "signing.key.unsuitable": Refusal(
        "VT-SIG-003",
        _NOT_SIGNED,
        "Chứng thư số không dùng để ký văn bản.",
        "Dùng chứng thư số ký văn bản còn hạn.",
    ),
    "signing.token.not-found": Refusal(
        "VT-SIG-004", _NOT_SIGNED, "Không thấy thiết bị giữ khóa.", "Cắm thiết bị rồi ký lại."
    ),
    "signing.token.pin-refused": Refusal(
        "VT-SIG-005",
        _NOT_SIGNED,
        "Thiết bị không nhận mã PIN.",
        "Nhập lại mã PIN; sai nhiều lần thiết bị sẽ khóa.",
    ),
    "signing.token.pin-locked": Refusal(
        "VT-SIG-006", _NOT_SIGNED, "Thiết bị đã khóa mã PIN.", "Liên hệ nơi cấp thiết bị để mở khóa."
    ),
    "signing.token.failed": Refusal(
        "VT-SIG-007", _NOT_SIGNED, "Thiết bị giữ khóa báo lỗi.", "Rút, cắm lại thiết bị rồi ký lại."
    ),
    "signing.file.cannot-sign": Refusal(
        "VT-SIG-008",
        _NOT_SIGNED,
        "Tệp PDF không nhận được chữ ký.",
        "Trả lại người soạn thảo để tạo lại tệp.",
    ),
    "signing.file.cannot-fill": Refusal(
        "VT-SIG-009",
        "Chưa điền được số và ngày.",
        "Tệp PDF không có đúng hai ô số, ngày theo mẫu.",
        "Hủy số có lý do và trình lại văn bản.",
    ),
}
