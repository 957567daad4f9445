"""The words for what goes wrong between the screen, VGCA Sign Service and the signed file it brings."""

from vanthu.kernel.refusals import Catalogue, Refusal

_NOT_SIGNED = "Chưa ký được văn bản."
_NOT_TAKEN = "Chưa nhận tệp đã ký."
_UNCHANGED = "Văn bản giữ nguyên như trước khi ký."
_SIGN_AGAIN = "Bấm Ký lại để ký trên đúng tệp hệ thống giao."

AGENT_REFUSALS: Catalogue = {
    "signing.agent.unreachable": Refusal(
        "VT-SIG-101",
        _NOT_SIGNED,
        "Máy này chưa cài hoặc chưa chạy VGCA Sign Service.",
        "Mở VGCA Sign Service rồi bấm Ký lại; máy chưa cài thì đề nghị quản trị cơ quan cài.",
    ),
    "signing.agent.hung-up": Refusal(
        "VT-SIG-102",
        _NOT_SIGNED,
        "VGCA Sign Service đóng kết nối mà không trả lời.",
        "Khởi động lại VGCA Sign Service rồi bấm Ký lại.",
    ),
    "signing.agent.garbled": Refusal(
        "VT-SIG-103",
        _NOT_SIGNED,
        "Không đọc được câu trả lời của VGCA Sign Service.",
        "Khởi động lại VGCA Sign Service rồi bấm Ký lại; nếu vẫn lỗi, báo quản trị kèm mã này.",
    ),
    "signing.agent.cancelled": Refusal(
        "VT-SIG-104",
        _NOT_SIGNED,
        "Người ký đã hủy trong VGCA Sign Service.",
        "Bấm Ký lại khi sẵn sàng, hoặc Thôi ký.",
    ),
    "signing.agent.pin-refused": Refusal(
        "VT-SIG-105",
        _NOT_SIGNED,
        "Thiết bị không nhận mã PIN.",
        "Bấm Ký lại và nhập đúng mã PIN; sai nhiều lần thiết bị sẽ khóa.",
    ),
    "signing.agent.pin-locked": Refusal(
        "VT-SIG-106",
        _NOT_SIGNED,
        "Thiết bị đã khóa mã PIN.",
        "Liên hệ nơi cấp thiết bị để mở khóa.",
    ),
    "signing.agent.no-device": Refusal(
        "VT-SIG-107",
        _NOT_SIGNED,
        "VGCA Sign Service không thấy thiết bị giữ khóa.",
        "Cắm thiết bị rồi bấm Ký lại.",
    ),
    "signing.agent.no-certificate": Refusal(
        "VT-SIG-108",
        _NOT_SIGNED,
        "VGCA Sign Service không dùng được chứng thư số trên thiết bị.",
        "Chọn đúng chứng thư số còn hạn rồi bấm Ký lại.",
    ),
    "signing.agent.cannot-fetch": Refusal(
        "VT-SIG-109",
        _NOT_SIGNED,
        "VGCA Sign Service không tải được tệp cần ký.",
        "Kiểm tra kết nối của máy tới hệ thống rồi bấm Ký lại.",
    ),
    "signing.agent.cannot-deliver": Refusal(
        "VT-SIG-110",
        _NOT_TAKEN,
        "VGCA Sign Service không gửi được tệp đã ký về hệ thống.",
        "Kiểm tra kết nối của máy tới hệ thống rồi bấm Ký lại.",
    ),
    "signing.agent.failed": Refusal(
        "VT-SIG-111",
        _NOT_SIGNED,
        "VGCA Sign Service báo lỗi: “{message}”.",
        "Bấm Ký lại; nếu vẫn lỗi, báo quản trị kèm câu này.",
    ),
    "signing.agent.expired": Refusal(
        "VT-SIG-112",
        _NOT_SIGNED,
        "Đã quá 20 phút kể từ lúc bắt đầu ký.",
        "Bấm Ký lại để bắt đầu lượt ký mới.",
    ),
    "signing.agent.given-up": Refusal("VT-SIG-113", _NOT_TAKEN, "Lượt ký này đã thôi.", _UNCHANGED),
    "signing.agent.too-many": Refusal(
        "VT-SIG-114",
        _NOT_TAKEN,
        "Tệp được gửi lên quá nhiều lần trong một lượt ký.",
        _SIGN_AGAIN,
    ),
    "signing.upload.no-file": Refusal(
        "VT-SIG-121", _NOT_TAKEN, "Không có tệp nào được gửi lên.", _SIGN_AGAIN
    ),
    "signing.upload.too-large": Refusal(
        "VT-SIG-122", _NOT_TAKEN, "Tệp gửi lên lớn hơn mức cho phép.", _SIGN_AGAIN
    ),
    "signing.upload.other-file": Refusal(
        "VT-SIG-123",
        _NOT_TAKEN,
        "Tệp gửi lên không phải tệp hệ thống đã giao để ký, hoặc đã bị ghi lại từ đầu.",
        _SIGN_AGAIN,
    ),
    "signing.upload.incomplete": Refusal(
        "VT-SIG-124", _NOT_TAKEN, "Tệp gửi lên không trọn vẹn.", _SIGN_AGAIN
    ),
    "signing.upload.unreadable": Refusal(
        "VT-SIG-125", _NOT_TAKEN, "Không đọc được tệp gửi lên.", _SIGN_AGAIN
    ),
    "signing.upload.not-signed": Refusal(
        "VT-SIG-126", _NOT_TAKEN, "Tệp gửi lên chưa có chữ ký nào thêm.", _SIGN_AGAIN
    ),
    "signing.upload.several-signatures": Refusal(
        "VT-SIG-127", _NOT_TAKEN, "Tệp gửi lên có nhiều hơn một chữ ký mới.", "Bấm Ký lại và chỉ ký một lần."
    ),
    "signing.upload.changed": Refusal(
        "VT-SIG-128",
        _NOT_TAKEN,
        "Tệp gửi lên có thay đổi khác ngoài chữ ký.",
        "Tắt mục chèn thêm chữ, hình trong VGCA Sign Service rồi bấm Ký lại.",
    ),
    "signing.upload.number-changed": Refusal(
        "VT-SIG-129",
        _NOT_TAKEN,
        "Ô số hoặc ô ngày của văn bản bị thay đổi hoặc bị che.",
        "Tắt mục chèn số, ngày trong VGCA Sign Service (tệp đã có sẵn) rồi bấm Ký lại.",
    ),
    "signing.upload.covers-text": Refusal(
        "VT-SIG-130",
        _NOT_TAKEN,
        "Hình chữ ký che lên phần chữ của văn bản đã ký.",
        "Bấm Ký lại và đặt hình chữ ký vào chỗ trống.",
    ),
    "signing.upload.locks-file": Refusal(
        "VT-SIG-131",
        _NOT_TAKEN,
        "Chữ ký khóa tệp, không cho cấp số và ký tiếp.",
        "Tắt mục khóa văn bản sau khi ký trong VGCA Sign Service rồi bấm Ký lại.",
    ),
    "signing.upload.wrong-certificate": Refusal(
        "VT-SIG-132",
        _NOT_TAKEN,
        "Chữ ký dùng chứng thư số của {signer}, không phải chứng thư số đã đăng ký của {owner}.",
        "Cắm đúng thiết bị, chọn đúng chứng thư số rồi bấm Ký lại.",
    ),
    "signing.upload.wrong-role": Refusal(
        "VT-SIG-133",
        _NOT_TAKEN,
        "Chứng thư số không đúng loại cho lượt ký này.",
        "Lãnh đạo ký bằng chứng thư số cá nhân, văn thư ký bằng chứng thư số của cơ quan.",
    ),
    "signing.upload.not-sound": Refusal(
        "VT-SIG-134",
        _NOT_TAKEN,
        "Chữ ký không đạt khi kiểm tra: {why}",
        "Kiểm tra chứng thư số trên thiết bị rồi bấm Ký lại.",
    ),
}
