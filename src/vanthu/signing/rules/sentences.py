"""The Vietnamese sentences of a verdict: a plain table, so that the command line needs no framework."""

from collections.abc import Callable, Mapping
from datetime import datetime

from vanthu.kernel.due import local
from vanthu.signing.rules.acceptance import Acceptance
from vanthu.signing.rules.verdicts import SignatureFinding, Verdict

VERDICT_TEXT: Mapping[Verdict, str] = {
    Verdict.VALID: "Chữ ký số hợp lệ tại thời điểm ký, có dấu thời gian tin cậy.",
    Verdict.VALID_NO_TSA: "Chữ ký số hợp lệ nhưng thiếu dấu thời gian tin cậy về thời điểm ký.",
    Verdict.INTACT: "Nội dung còn nguyên vẹn; chưa xét độ tin cậy của chứng thư vì thiếu danh sách tin cậy.",
    Verdict.UNSIGNED: "Tệp không có chữ ký số.",
    Verdict.INDETERMINATE: "Chưa kết luận được hiệu lực của chữ ký số; cần thêm dữ liệu kiểm tra.",
    Verdict.MODIFIED_AFTER: "Tệp đã bị thay đổi sau khi ký, ngoài phạm vi được phép.",
    Verdict.WEAK_ALGORITHM: "Chữ ký dùng thuật toán không còn bảo đảm an toàn.",
    Verdict.EXPIRED_AT_SIGNING: "Chứng thư không còn hoặc chưa có hiệu lực tại thời điểm ký.",
    Verdict.WRONG_SUBJECT: "Chứng thư không thuộc về cơ quan hoặc người ghi trên văn bản.",
    Verdict.REVOKED: "Chứng thư đã bị thu hồi trước thời điểm ký.",
    Verdict.INVALID_CHAIN: "Chứng thư không dẫn về tổ chức chứng thực gốc được tin cậy.",
    Verdict.INVALID_INTEGRITY: "Nội dung không nguyên vẹn hoặc chữ ký không khớp; không dùng văn bản này.",
    Verdict.UNREADABLE: "Không đọc được tệp; chưa kiểm tra được chữ ký số.",
}

ACCEPTANCE_TEXT: Mapping[Acceptance, str] = {
    Acceptance.OK: "Được tiếp nhận, đăng ký vào sổ.",
    Acceptance.NEEDS_CONSENT: "Chỉ tiếp nhận khi nêu rõ lý do và được lãnh đạo phụ trách văn thư đồng ý.",
    Acceptance.REFERENCE_ONLY: "Chỉ đăng ký để biết, tham khảo – chờ bản chính.",
    Acceptance.MUST_REFUSE: "Không được tiếp nhận; phải trả lại nơi gửi.",
}

KIND_TEXT: Mapping[str, str] = {
    "personal": "Chữ ký của người có thẩm quyền",
    "agency": "Chữ ký số của cơ quan",
    "timestamp": "Dấu thời gian của tài liệu",
    "unknown": "Chữ ký chưa rõ loại",
}

INTEGRITY_TEXT: Mapping[bool, str] = {
    True: "Phần nội dung được ký còn nguyên vẹn.",
    False: "Phần nội dung được ký đã bị thay đổi hoặc chữ ký không đọc được.",
}

COVERAGE_TEXT: Mapping[str, str] = {
    "ENTIRE_FILE": "Chữ ký bao trùm toàn bộ tệp.",
    "ENTIRE_REVISION": "Chữ ký bao trùm trọn phiên bản tại lúc ký; sau đó tệp có phần bổ sung.",
    "CONTIGUOUS_BLOCK_FROM_START": "Chữ ký bao trùm một phần liền mạch từ đầu tệp, không trọn phiên bản.",
    "UNCLEAR": "Không xác định được phạm vi mà chữ ký bao trùm.",
}

MODIFICATION_TEXT: Mapping[str, str] = {
    "none": "Không có thay đổi nào sau chữ ký này.",
    "lta": "Sau chữ ký này chỉ bổ sung dữ liệu lưu trữ lâu dài.",
    "form": "Sau chữ ký này chỉ điền số, ngày tháng hoặc thêm chữ ký tiếp theo trong phạm vi được phép.",
    "annotations": "Sau chữ ký này có thêm chú thích.",
    "other": "Sau chữ ký này có thay đổi ngoài phạm vi được phép.",
}

TRUST_TEXT: Mapping[bool | None, str] = {
    True: "Chứng thư dẫn về tổ chức chứng thực gốc được tin cậy.",
    False: "Không xác nhận được chứng thư theo danh sách tin cậy.",
    None: "Chưa xét độ tin cậy của chứng thư.",
}

REVOCATION_TEXT: Mapping[str, str] = {
    "good": "Chứng thư không có trong danh sách thu hồi tại thời điểm ký.",
    "revoked": "Chứng thư có trong danh sách thu hồi.",
    "unknown": "Chưa có danh sách thu hồi phù hợp để kiểm tra.",
}

REASON_TEXT: Mapping[str, str] = {
    "algorithm.weak": "Hàm băm hoặc độ dài khóa không còn được coi là an toàn.",
    "algorithm.lapsed": "Thuật toán của chữ ký nay đã quá hạn tin cậy; thiếu dấu thời gian chứng minh ký trước đó.",
    "algorithm.unsupported": "Định dạng chữ ký này chưa được hỗ trợ kiểm tra.",
    "chain.not-trusted": "Không dựng được đường dẫn chứng thực tới tổ chức gốc được tin cậy.",
    "chain.purpose": "Tổ chức chứng thực gốc không được tin cậy cho loại chữ ký này.",
    "chain.usage": "Chứng thư không được cấp để ký số.",
    "coverage.bytes-after-end": "Có dữ liệu lạ sau điểm kết thúc của tệp PDF.",
    "coverage.bytes-before-start": "Có dữ liệu lạ trước điểm bắt đầu của tệp PDF.",
    "coverage.partial": "Chữ ký không bao trùm trọn phiên bản của văn bản tại lúc ký.",
    "coverage.unclear": "Chữ ký không bao trùm rõ ràng nội dung tệp.",
    "file.crashed": "Chương trình kiểm tra dừng đột ngột khi đọc tệp.",
    "file.encrypted": "Tệp bị mã hóa bằng mật khẩu.",
    "file.not-a-pdf": "Tệp không phải là PDF đọc được.",
    "file.rebuilt": (
        "Bảng tham chiếu của tệp bị hỏng; tệp được đọc bằng cách dò từng đối tượng, như các trình xem PDF vẫn làm."
    ),
    "file.timed-out": "Quá thời gian cho phép khi đọc tệp.",
    "integrity.broken": "Giá trị băm hoặc chữ ký không khớp với nội dung.",
    "integrity.malformed": "Dữ liệu chữ ký sai cấu trúc.",
    "integrity.no-certificate": "Chữ ký không kèm chứng thư của người ký nên chưa kiểm tra được.",
    "modification.covers-text": "Một chữ ký thêm sau che lên phần chữ của văn bản đã ký.",
    "modification.disallowed": "Có sửa đổi sau ký, ngoài phạm vi được phép – cần xem.",
    "revocation.no-data": "Thiếu danh sách thu hồi còn hiệu lực tại thời điểm ký.",
    "revocation.no-proof-of-time": "Chứng thư nay đã bị thu hồi; thiếu dấu thời gian chứng minh ký trước đó.",
    "revocation.on-hold": "Chứng thư đang bị tạm dừng tại thời điểm ký.",
    "revocation.revoked": "Chứng thư bị thu hồi trước thời điểm ký.",
    "subject.wrong": "Định danh trong chứng thư không khớp với cơ quan hoặc người dự kiến.",
    "time.expired": "Thời điểm ký nằm ngoài thời hạn của chứng thư.",
    "time.future": "Thời điểm ký nằm sau thời điểm kiểm tra.",
    "time.no-proof": "Chứng thư nay đã hết hạn và không có dấu thời gian chứng minh đã ký khi còn hạn.",
    "time.no-timestamp": "Chữ ký không kèm dấu thời gian tin cậy.",
    "time.timestamp-broken": "Dấu thời gian kèm theo không khớp với chữ ký.",
    "time.timestamp-lapsed": "Dấu thời gian đã hết hiệu lực chứng minh mà không được gia hạn kịp thời.",
    "time.timestamp-untrusted": "Dấu thời gian kèm theo không được tin cậy hoặc không khớp.",
    "time.unknown": "Chữ ký không cho biết thời điểm ký.",
}


BY_TIMESTAMP = "Thời điểm ký theo dấu thời gian tin cậy: {at}."
BY_SIGNER = "Thời điểm ký do máy người ký khai: {at}."
NO_TIME = "Không rõ thời điểm ký."
ALGORITHM = "Thuật toán: {name}."


def axis_sentences(finding: SignatureFinding, say: Callable[[str], str] = str) -> tuple[str, ...]:
    """One sentence for each axis of a finding, then its reasons; `say` may translate them (`gettext`)."""
    axes = (
        say(INTEGRITY_TEXT[finding.integrity]),
        say(COVERAGE_TEXT.get(finding.coverage, COVERAGE_TEXT["UNCLEAR"])),
        say(MODIFICATION_TEXT[finding.modification]),
        say(TRUST_TEXT[finding.trusted]),
        say(REVOCATION_TEXT[finding.revocation]),
        _time_sentence(finding, say),
        say(ALGORITHM).format(name=finding.algorithm or "—"),
    )
    return axes + tuple(say(REASON_TEXT.get(code, code)) for code in finding.reasons)


def _time_sentence(finding: SignatureFinding, say: Callable[[str], str]) -> str:
    if finding.timestamp_at is not None:
        return say(BY_TIMESTAMP).format(at=_moment(finding.timestamp_at))
    if finding.signed_at is not None:
        return say(BY_SIGNER).format(at=_moment(finding.signed_at))
    return say(NO_TIME)


def _moment(at: datetime) -> str:
    return f"{local(at):%H:%M:%S %d/%m/%Y}"
