"""The words of what speaks against an authority, a pin or a certificate of the register."""

from vanthu.kernel.refusals import Catalogue, Refusal

_NOT_IMPORTED = "Chưa nhập chứng thư «{name}» vào danh sách tin cậy."
_FROM_AUTHORITY = "Tải lại từ trang của tổ chức chứng thực và đối chiếu vân tay SHA-256 qua kênh khác."
_NOT_REGISTERED = "Chưa đăng ký chứng thư số."

TRUST_REFUSALS: Catalogue = {
    "signing.trust.unreadable": Refusal(
        "VT-TIN-001",
        "Chưa nhập chứng thư nào.",
        "Tệp {file} không chứa chứng thư đọc được.",
        "Dùng tệp PEM, DER (.cer, .crt) hoặc .p7b do tổ chức chứng thực công bố.",
    ),
    "signing.trust.pin-mismatch": Refusal(
        "VT-TIN-002",
        _NOT_IMPORTED,
        "Vân tay SHA-256 là {came}, trong khi chứng thư mang tên này phải có vân tay {expected}.",
        "Không dùng tệp này; lấy đúng chứng thư tại {where} rồi nhập lại.",
    ),
    "signing.trust.not-pinned": Refusal(
        "VT-TIN-003",
        _NOT_IMPORTED,
        "Chứng thư gốc có vân tay {came} chưa được ghim.",
        "Hỏi tổ chức chứng thực vân tay đầy đủ, ghim bằng `vanthu trust pin`, rồi nhập lại.",
    ),
    "signing.trust.not-authority": Refusal(
        "VT-TIN-004",
        _NOT_IMPORTED,
        "Đây là chứng thư của người hoặc cơ quan ký, không phải của tổ chức chứng thực.",
        "Chỉ nhập chứng thư gốc và chứng thư của tổ chức cấp dưới.",
    ),
    "signing.trust.no-root": Refusal(
        "VT-TIN-005",
        _NOT_IMPORTED,
        "Chứng thư không do tổ chức gốc nào trong danh sách tin cậy cấp.",
        "Nhập chứng thư gốc trước.",
    ),
    "signing.trust.demonstration": Refusal(
        "VT-TIN-006",
        _NOT_IMPORTED,
        "Đây là chứng thư trình diễn, không có giá trị pháp lý.",
        "Dùng chứng thư của tổ chức chứng thực thật.",
    ),
    "signing.trust.forged": Refusal(
        "VT-TIN-007", _NOT_IMPORTED, "Chữ ký của chứng thư trên chính nó không đúng.", _FROM_AUTHORITY
    ),
    "signing.trust.not-there": Refusal(
        "VT-TIN-008",
        "Chưa gỡ chứng thư.",
        "Danh sách tin cậy không có chứng thư với vân tay {sha256}.",
        "Xem vân tay bằng `vanthu trust list`.",
    ),
    "signing.trust.no-reason": Refusal(
        "VT-TIN-009",
        "Chưa gỡ chứng thư.",
        "Chưa nêu lý do.",
        "Nêu lý do; lý do được giữ trong danh sách và nhật ký.",
    ),
    "signing.trust.bad-fingerprint": Refusal(
        "VT-TIN-010",
        "Chưa ghim.",
        "Vân tay «{sha256}» không phải 64 chữ số thập lục phân của SHA-256.",
        "Chép lại đủ vân tay do tổ chức chứng thực công bố.",
    ),
    "signing.trust.pin-incomplete": Refusal(
        "VT-TIN-011",
        "Chưa ghim.",
        "Thiếu tên tổ chức chứng thực hoặc nguồn của vân tay.",
        "Ghi rõ tên trong chứng thư và nơi lấy vân tay.",
    ),
    "signing.trust.no-purpose": Refusal(
        "VT-TIN-012",
        "Chưa nhập chứng thư nào.",
        "Mục đích «{purpose}» không có trong danh sách.",
        "Chọn personal (chữ ký cá nhân), agency (chữ ký cơ quan), timestamp (dấu thời gian).",
    ),
    "signing.trust.not-administrator": Refusal(
        "VT-TIN-013",
        "Không mở được danh sách tin cậy.",
        "Chỉ quản trị hệ thống Thành phố xem và giữ danh sách này.",
        "Liên hệ quản trị hệ thống.",
    ),
    "signing.revocation.unanswered": Refusal(
        "VT-TIN-014",
        "Chưa kiểm tra được tình trạng thu hồi.",
        "Nguồn {url} chưa trả lời được ({why}).",
        "Hệ thống tự hỏi lại; kiểm tra kết nối tới nguồn nếu kéo dài.",
    ),
    "signing.revocation.refused": Refusal(
        "VT-TIN-015",
        "Chưa thay danh sách thu hồi.",
        "Dữ liệu từ {url} không dùng được ({why}).",
        "Dữ liệu cũ vẫn được giữ; báo tổ chức chứng thực nếu lặp lại.",
    ),
}

REGISTER_REFUSALS: Catalogue = {
    "signing.certificate.unreadable": Refusal(
        "VT-CTS-001",
        _NOT_REGISTERED,
        "Tệp không chứa đúng một chứng thư đọc được.",
        "Xuất chứng thư (chỉ phần công khai) từ thiết bị thành tệp .cer, .crt hoặc .pem.",
    ),
    "signing.certificate.private-key": Refusal(
        "VT-CTS-002",
        _NOT_REGISTERED,
        "Tệp có chứa khóa bí mật; tệp đã bị bỏ, không lưu.",
        "Chỉ tải lên phần công khai; nếu khóa đã lộ, đề nghị thu hồi chứng thư.",
    ),
    "signing.certificate.is-authority": Refusal(
        "VT-CTS-003",
        _NOT_REGISTERED,
        "Đây là chứng thư của tổ chức chứng thực.",
        "Đăng ký chứng thư của người hoặc cơ quan ký.",
    ),
    "signing.certificate.lapsed": Refusal(
        "VT-CTS-004",
        _NOT_REGISTERED,
        "Chứng thư hết hạn ngày {until}.",
        "Đăng ký chứng thư đã gia hạn.",
    ),
    "signing.certificate.not-for-signing": Refusal(
        "VT-CTS-005",
        _NOT_REGISTERED,
        "Chứng thư không được cấp để ký số.",
        "Đăng ký chứng thư ký số.",
    ),
    "signing.certificate.not-trusted": Refusal(
        "VT-CTS-006",
        _NOT_REGISTERED,
        "Chứng thư do «{issuer}» cấp không dẫn về tổ chức gốc trong danh sách tin cậy.",
        "Đề nghị quản trị hệ thống nhập chứng thư gốc, hoặc đăng ký chứng thư khác.",
    ),
    "signing.certificate.other-owner": Refusal(
        "VT-CTS-007",
        _NOT_REGISTERED,
        "Chứng thư này đã đăng ký cho {owner}.",
        "Đề nghị quản trị kiểm tra lại chủ của chứng thư.",
    ),
    "signing.certificate.wrong-kind": Refusal(
        "VT-CTS-008",
        _NOT_REGISTERED,
        "Chứng thư là của {found}, không phải của {wanted}.",
        "Đăng ký đúng chứng thư của người hoặc của cơ quan.",
    ),
    "signing.certificate.wrong-name": Refusal(
        "VT-CTS-009",
        _NOT_REGISTERED,
        "Tên trong chứng thư là «{found}», không phải «{wanted}».",
        "Đăng ký đúng chứng thư của mình; tên đã đổi thì đề nghị quản trị cơ quan đăng ký.",
    ),
    "signing.certificate.place-incomplete": Refusal(
        "VT-CTS-010",
        _NOT_REGISTERED,
        "Chưa nêu đủ nơi giữ khóa: {missing}.",
        "Nhập đường dẫn thư viện, tên thiết bị và nhãn khóa do nơi cấp thiết bị cho biết.",
    ),
    "signing.certificate.not-owner": Refusal(
        "VT-CTS-011",
        _NOT_REGISTERED,
        "Chỉ chính người đó hoặc quản trị cơ quan đăng ký được.",
        "Liên hệ quản trị cơ quan.",
    ),
    "signing.certificate.not-administrator": Refusal(
        "VT-CTS-012",
        "Không mở được chứng thư số của cơ quan.",
        "Chỉ quản trị cơ quan giữ sổ chứng thư số của cơ quan.",
        "Liên hệ quản trị cơ quan.",
    ),
    "signing.certificate.already-ended": Refusal(
        "VT-CTS-013",
        "Chưa ghi thu hồi.",
        "Chứng thư này không còn dùng để ký.",
        "Xem tình trạng trong sổ chứng thư số.",
    ),
    "signing.certificate.no-reason": Refusal(
        "VT-CTS-014",
        "Chưa ghi thu hồi.",
        "Chưa nêu lý do.",
        "Nêu lý do; lý do được giữ trong nhật ký.",
    ),
    "signing.certificate.not-found": Refusal(
        "VT-CTS-015",
        "Không tìm thấy chứng thư.",
        "Chứng thư không có trong sổ.",
        "Mở lại danh sách chứng thư số.",
    ),
    "signing.key.lapsed": Refusal(
        "VT-CTS-016",
        "Chưa ký được văn bản.",
        "Chứng thư số của {owner} hết hạn ngày {until}.",
        "Gia hạn, rồi đăng ký chứng thư mới ở mục Chứng thư số.",
    ),
}
