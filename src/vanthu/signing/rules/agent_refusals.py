"""The words for what goes wrong between the screen, VGCA Sign Service and the signed file it brings."""

from vanthu.kernel.refusals import Catalogue, Refusal

_NOT_SIGNED = "Chưa ký được văn bản."
_NOT_TAKEN = "Chưa nhận tệp đã ký."
_UNCHANGED = "Văn bản giữ nguyên như trước khi ký."
_SIGN_AGAIN = "Bấm Ký lại để ký trên đúng tệp hệ thống giao."

AGENT_REFUSALS: Catalogue = {
    "signing.agent.unreachable": Refusal(
        "VT-SIG-201",
        _NOT_SIGNED,
        "Máy này chưa cài hoặc chưa chạy VGCA Sign Service.",
        "Mở VGCA Sign Service rồi bấm Ký lại; máy chưa cài thì đề nghị quản trị cơ quan cài.",
    ),
    "signing.agent.hung-up": Refusal(
        "VT-SIG-202",
        _NOT_SIGNED,
        "VGCA Sign Service đóng kết nối mà không trả lời.",
        "Khởi động lại VGCA Sign Service rồi bấm Ký lại.",
    ),
    "signing.agent.garbled": Refusal(
        "VT-SIG-203",
        _NOT_SIGNED,
        "Không đọc được câu trả lời của VGCA Sign Service.",
        "Khởi động lại VGCA Sign Service rồi bấm Ký lại; nếu vẫn lỗi, báo quản trị kèm mã này.",
    ),
    "signing.agent.cancelled": Refusal(
        "VT-SIG-204",
        _NOT_SIGNED,
        "Người ký đã hủy trong VGCA Sign Service.",
        "Bấm Ký lại khi sẵn sàng, hoặc Thôi ký.",
    ),
    "signing.agent.pin-refused": Refusal(
        "VT-SIG-205",
        _NOT_SIGNED,
        "Thiết bị không nhận mã PIN.",
        "Bấm Ký lại và nhập đúng mã PIN; sai nhiều lần thiết bị sẽ khóa.",
    ),
    "signing.agent.pin-locked": Refusal(
        "VT-SIG-206",
        _NOT_SIGNED,
        "Thiết bị đã khóa mã PIN.",
        "Liên hệ nơi cấp thiết bị để mở khóa.",
    ),
    "signing.agent.no-device": Refusal(
        "VT-SIG-207",
        _NOT_SIGNED,
        "VGCA Sign Service không thấy thiết bị giữ khóa.",
        "Cắm thiết bị rồi bấm Ký lại.",
    ),
    "signing.agent.no-certificate": Refusal(
        "VT-SIG-208",
        _NOT_SIGNED,
        "VGCA Sign Service không dùng được chứng thư số trên thiết bị.",
        "Chọn đúng chứng thư số còn hạn rồi bấm Ký lại.",
    ),
    "signing.agent.cannot-fetch": Refusal(
        "VT-SIG-209",
        _NOT_SIGNED,
        "VGCA Sign Service không tải được tệp cần ký.",
        "Kiểm tra kết nối của máy tới hệ thống rồi bấm Ký lại.",
    ),
    "signing.agent.cannot-deliver": Refusal(
        "VT-SIG-210",
        _NOT_TAKEN,
        "VGCA Sign Service không gửi được tệp đã ký về hệ thống.",
        "Kiểm tra kết nối của máy tới hệ thống rồi bấm Ký lại.",
    ),
    "signing.agent.failed": Refusal(
        "VT-SIG-211",
        _NOT_SIGNED,
        "VGCA Sign Service báo lỗi: “{message}”.",
        "Bấm Ký lại; nếu vẫn lỗi, báo quản trị kèm câu này.",
    ),
    "signing.agent.expired": Refusal(
        "VT-SIG-212",
        _NOT_SIGNED,
        "Đã quá 20 phút kể từ lúc bắt đầu ký.",
        "Mở văn bản, bấm nút ký để bắt đầu lượt mới.",
    ),
    "signing.agent.given-up": Refusal("VT-SIG-213", _NOT_TAKEN, "Lượt ký này đã thôi.", _UNCHANGED),
    "signing.agent.too-many": Refusal(
        "VT-SIG-214",
        _NOT_TAKEN,
        "Tệp được gửi lên quá nhiều lần trong một lượt ký.",
        _SIGN_AGAIN,
    ),
    "signing.upload.no-file": Refusal(
        "VT-SIG-221", _NOT_TAKEN, "Không có tệp nào được gửi lên.", _SIGN_AGAIN
    ),
    "signing.upload.too-large": Refusal(
        "VT-SIG-222", _NOT_TAKEN, "Tệp gửi lên lớn hơn mức cho phép.", _SIGN_AGAIN
    ),
    "signing.upload.other-file": Refusal(
        "VT-SIG-223",
        _NOT_TAKEN,
        "Tệp gửi lên không phải tệp hệ thống đã giao để ký, hoặc đã bị ghi lại từ đầu.",
        _SIGN_AGAIN,
    ),
    "signing.upload.incomplete": Refusal(
        "VT-SIG-224", _NOT_TAKEN, "Tệp gửi lên không trọn vẹn.", _SIGN_AGAIN
    ),
    "signing.upload.unreadable": Refusal(
        "VT-SIG-225", _NOT_TAKEN, "Không đọc được tệp gửi lên.", _SIGN_AGAIN
    ),
    "signing.upload.not-signed": Refusal(
        "VT-SIG-226", _NOT_TAKEN, "Tệp gửi lên chưa có chữ ký nào thêm.", _SIGN_AGAIN
    ),
    "signing.upload.several-signatures": Refusal(
        "VT-SIG-227", _NOT_TAKEN, "Tệp gửi lên có nhiều hơn một chữ ký mới.", "Bấm Ký lại và chỉ ký một lần."
    ),
    "signing.upload.changed": Refusal(
        "VT-SIG-228",
        _NOT_TAKEN,
        "Tệp gửi lên có thay đổi khác ngoài chữ ký.",
        "Tắt mục chèn thêm chữ, hình trong VGCA Sign Service rồi bấm Ký lại.",
    ),
    "signing.upload.number-changed": Refusal(
        "VT-SIG-229",
        _NOT_TAKEN,
        "Ô số hoặc ô ngày của văn bản bị thay đổi hoặc bị che.",
        "Tắt mục chèn số, ngày trong VGCA Sign Service (tệp đã có sẵn) rồi bấm Ký lại.",
    ),
    "signing.upload.covers-text": Refusal(
        "VT-SIG-230",
        _NOT_TAKEN,
        "Hình chữ ký che lên phần chữ của văn bản đã ký.",
        "Bấm Ký lại và đặt hình chữ ký vào chỗ trống.",
    ),
    "signing.upload.locks-file": Refusal(
        "VT-SIG-231",
        _NOT_TAKEN,
        "Chữ ký khóa tệp, không cho cấp số và ký tiếp.",
        "Tắt mục khóa văn bản sau khi ký trong VGCA Sign Service rồi bấm Ký lại.",
    ),
    "signing.upload.sealed-shut": Refusal(
        "VT-SIG-236",
        _NOT_TAKEN,
        "Chữ ký số của cơ quan ban hành khóa tệp; ký thêm vào tệp sẽ làm chữ ký đó mất giá trị.",
        "Ghi bút phê, thời điểm đến trên hệ thống; không ký lên tệp này.",
    ),
    "signing.upload.wrong-certificate": Refusal(
        "VT-SIG-232",
        _NOT_TAKEN,
        "Chữ ký dùng chứng thư số của {signer}, không phải chứng thư số đã đăng ký của {owner}.",
        "Cắm đúng thiết bị, chọn đúng chứng thư số rồi bấm Ký lại.",
    ),
    "signing.upload.wrong-role": Refusal(
        "VT-SIG-233",
        _NOT_TAKEN,
        "Chứng thư số không đúng loại cho lượt ký này.",
        "Lãnh đạo ký bằng chứng thư số cá nhân, văn thư ký bằng chứng thư số của cơ quan.",
    ),
    "signing.upload.already-signed": Refusal(
        "VT-SIG-235", _NOT_TAKEN, "Văn bản đã được ký bằng một tệp khác trong lượt này.", "Mở văn bản để xem."
    ),
    "signing.upload.not-sound": Refusal(
        "VT-SIG-234",
        _NOT_TAKEN,
        "Chữ ký không đạt khi kiểm tra: {why}",
        "Kiểm tra chứng thư số trên thiết bị rồi bấm Ký lại.",
    ),
}
