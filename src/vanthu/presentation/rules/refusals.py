"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

REFUSALS: Catalogue = {
    "presentation.form.cannot-be-read": Refusal(
        "VT-PRE-001",
        "Chưa kiểm tra được thể thức.",
        "Hệ thống không đọc được tệp PDF này.",
        "Xuất lại tệp PDF từ phần mềm soạn thảo rồi kiểm tra lại.",
    ),
}
