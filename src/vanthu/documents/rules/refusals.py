"""The words of the refusals of this context; those of uploads stand in `intake_refusals`."""

from vanthu.kernel.refusals import Catalogue, Refusal

REFUSALS: Catalogue = {
    "document.not-found": Refusal(
        "VT-DOC-001",
        "Không mở được văn bản.",
        "Không có văn bản này, hoặc bạn chưa được giao xem.",
        "Kiểm tra lại đường dẫn hoặc tư cách xử lý đang chọn.",
    ),
    "document.stale": Refusal(
        "VT-DOC-002",
        "Chưa thực hiện được thao tác.",
        "Văn bản vừa được người khác cập nhật sau khi bạn mở.",
        "Xem lại nội dung mới rồi thực hiện lại.",
    ),
    "documents.secret": Refusal(
        "VT-DOC-003",
        "Chưa nhận nội dung vào hệ thống.",
        "Nội dung có dấu chỉ độ mật “{mark}”; hệ thống không tiếp nhận bí mật nhà nước.",
        "Dừng xử lý trên hệ thống; xử lý văn bản theo quy định về bảo vệ bí mật nhà nước.",
    ),
}
