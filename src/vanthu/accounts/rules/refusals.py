"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

REFUSALS: Catalogue = {
    "accounts.no-post": Refusal(
        "VT-ACC-001",
        "Chưa mở được bàn làm việc.",
        "Tài khoản chưa giữ vị trí nào ở thời điểm này.",
        "Đề nghị quản trị cơ quan bổ nhiệm vị trí.",
    ),
    "accounts.person.name-taken": Refusal(
        "VT-ACC-002",
        "Chưa tạo được tài khoản.",
        "Tên đăng nhập {username} đã có.",
        "Chọn tên đăng nhập khác.",
    ),
    "accounts.password.wrong": Refusal(
        "VT-ACC-003",
        "Chưa đổi được mật khẩu.",
        "Mật khẩu hiện tại không đúng.",
        "Nhập lại mật khẩu hiện tại.",
    ),
    "accounts.password.weak": Refusal(
        "VT-ACC-004",
        "Chưa đổi được mật khẩu.",
        "Mật khẩu mới quá ngắn, quá thông dụng hoặc trùng mật khẩu cũ.",
        "Chọn mật khẩu ít nhất 10 ký tự, không thông dụng, khác mật khẩu cũ.",
    ),
}
