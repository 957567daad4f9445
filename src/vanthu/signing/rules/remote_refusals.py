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
    "signing.pending.not-found": Refusal(
        "VT-SIG-103",
        "Không tìm thấy yêu cầu ký.",
        "Yêu cầu ký không còn, hoặc không dành cho người đang dùng.",
        "Mở lại văn bản và bắt đầu ký lại.",
    ),
    "signing.pending.not-yours": Refusal(
        "VT-SIG-104",
        _NOT_SIGNED,
        "Chỉ người đã bấm ký, ở đúng chức vụ đó, mới hoàn thành được chữ ký này.",
        "Chọn lại chức vụ, hoặc tự bấm ký nếu đúng thẩm quyền.",
    ),
    "signing.pending.expired": Refusal(
        "VT-SIG-105",
        _NOT_SIGNED,
        "Yêu cầu ký đã hết hạn trước khi có chữ ký.",
        "Bấm ký lại; văn bản và số đã cấp giữ nguyên.",
    ),
    "signing.pending.given-up": Refusal(
        "VT-SIG-106", _NOT_SIGNED, "Người ký đã hủy yêu cầu ký.", "Bấm ký lại khi sẵn sàng."
    ),
    "signing.pending.overtaken": Refusal(
        "VT-SIG-107",
        _NOT_SIGNED,
        "Đã có yêu cầu ký mới hơn thay cho yêu cầu này, hoặc tệp đã thay đổi.",
        "Tải lại trang và ký theo yêu cầu mới nhất.",
    ),
    "signing.pending.illegal-move": Refusal(
        "VT-SIG-108",
        _NOT_SIGNED,
        "Yêu cầu ký này đã kết thúc.",
        "Tải lại trang để xem kết quả; nếu chưa ký, bấm ký lại.",
    ),
    "signing.pending.bad-result": Refusal(
        "VT-SIG-109",
        _NOT_SIGNED,
        "Tệp sau khi ký không đạt khi kiểm tra chữ ký số ({verdict}).",
        "Kiểm tra chứng thư số còn hạn, không bị thu hồi, đúng người; rồi ký lại.",
    ),
    "signing.key.elsewhere": Refusal(
        "VT-SIG-110",
        _NOT_SIGNED,
        "Khóa ký nằm ở thiết bị hoặc dịch vụ của người ký, không ký ngay tại máy chủ được.",
        "Ký từ màn hình văn bản để gửi yêu cầu ký tới thiết bị.",
    ),
    "signing.pin.missing": Refusal(
        "VT-SIG-111", _NOT_SIGNED, "Chưa nhập mã PIN của khóa ký.", "Nhập mã PIN rồi ký lại."
    ),
    "signing.otp.missing": Refusal(
        "VT-SIG-112", _NOT_SIGNED, "Chưa nhập mã OTP của dịch vụ ký số.", "Nhập mã OTP rồi ký lại."
    ),
    "signing.token.module-not-allowed": Refusal(
        "VT-SIG-113",
        _NOT_SIGNED,
        "Trình điều khiển của thiết bị giữ khóa chưa được phép dùng trên máy chủ.",
        "Đề nghị quản trị hệ thống thêm trình điều khiển vào cấu hình.",
    ),
    "signing.csc.not-configured": Refusal(
        "VT-SIG-121",
        _NOT_SIGNED,
        "Hệ thống chưa khai báo dịch vụ ký số từ xa, hoặc địa chỉ dịch vụ không có mã hóa đường truyền.",
        "Đề nghị quản trị hệ thống khai báo địa chỉ https của dịch vụ.",
    ),
    "signing.csc.away": Refusal(
        "VT-SIG-122",
        _NOT_SIGNED,
        "Dịch vụ ký số từ xa không trả lời.",
        "Chờ ít phút rồi ký lại; văn bản giữ nguyên.",
    ),
    "signing.csc.bad-answer": Refusal(
        "VT-SIG-123",
        _NOT_SIGNED,
        "Dịch vụ ký số từ xa trả lời không đúng quy ước.",
        "Ký lại; nếu vẫn lỗi, báo quản trị kèm mã này.",
    ),
    "signing.csc.not-signed-in": Refusal(
        "VT-SIG-124",
        _NOT_SIGNED,
        "Dịch vụ ký số từ xa không nhận tài khoản của hệ thống.",
        "Báo quản trị hệ thống kiểm tra tài khoản dịch vụ.",
    ),
    "signing.csc.pin-refused": Refusal(
        "VT-SIG-125",
        _NOT_SIGNED,
        "Dịch vụ ký số từ xa không nhận mã PIN.",
        "Nhập lại mã PIN; sai nhiều lần khóa ký sẽ bị khóa.",
    ),
    "signing.csc.otp-refused": Refusal(
        "VT-SIG-126",
        _NOT_SIGNED,
        "Mã OTP không đúng hoặc đã hết hạn.",
        "Lấy mã OTP mới rồi ký lại.",
    ),
    "signing.csc.pin-locked": Refusal(
        "VT-SIG-127",
        _NOT_SIGNED,
        "Khóa ký đã bị khóa do nhập sai mã PIN nhiều lần.",
        "Liên hệ nơi cấp chứng thư số để mở khóa.",
    ),
    "signing.csc.cancelled": Refusal(
        "VT-SIG-128",
        _NOT_SIGNED,
        "Người ký đã từ chối xác nhận trên ứng dụng của dịch vụ ký số.",
        "Bấm ký lại khi sẵn sàng xác nhận.",
    ),
    "signing.csc.pending": Refusal(
        "VT-SIG-129",
        _NOT_SIGNED,
        "Đang chờ người ký xác nhận trên ứng dụng của dịch vụ ký số.",
        "Mở ứng dụng và xác nhận trước khi yêu cầu hết hạn.",
    ),
    "signing.csc.sad-expired": Refusal(
        "VT-SIG-130",
        _NOT_SIGNED,
        "Lần xác nhận ký đã hết hiệu lực trước khi ký xong.",
        "Bấm ký lại và xác nhận lại.",
    ),
    "signing.csc.credential-disabled": Refusal(
        "VT-SIG-131",
        _NOT_SIGNED,
        "Khóa ký hoặc chứng thư số ở dịch vụ đã bị khóa, thu hồi hoặc hết hạn.",
        "Liên hệ nơi cấp chứng thư số.",
    ),
    "signing.csc.wrong-certificate": Refusal(
        "VT-SIG-132",
        _NOT_SIGNED,
        "Chứng thư số ở dịch vụ không phải chứng thư số đã đăng ký trên hệ thống.",
        "Đề nghị quản trị cơ quan đăng ký lại chứng thư số.",
    ),
    "signing.csc.too-many": Refusal(
        "VT-SIG-133",
        _NOT_SIGNED,
        "Dịch vụ ký số từ xa chỉ nhận {most} văn bản trong một lần xác nhận.",
        "Chọn ít văn bản hơn rồi ký lại.",
    ),
}
