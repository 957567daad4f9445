"""The words of the refusals around keys that lie elsewhere: services, tokens at the browser, waiting signatures."""

from vanthu.kernel.refusals import Catalogue, Refusal

_NOT_SIGNED = "Chưa ký được văn bản."

REMOTE_REFUSALS: Catalogue = {
    "signing.remote.wrong-signature": Refusal(
        "VT-SIG-101",
        _NOT_SIGNED,
        "Chữ ký gửi về không khớp với chứng thư số hoặc không phải của tệp này.",
        "Ký lại bằng đúng chứng thư số đã đăng ký; nếu vẫn báo lỗi, báo quản trị.",
    ),
    "signing.remote.wrong-file": Refusal(
        "VT-SIG-102",
        _NOT_SIGNED,
        "Tệp chờ chữ ký không còn nguyên vẹn.",
        "Bắt đầu ký lại từ màn hình văn bản.",
    ),
}
