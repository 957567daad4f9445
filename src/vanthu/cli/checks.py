"""What `vanthu check` looks at: each check returns what it found and, where something must be mended, how."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography import x509
from django.conf import settings

from vanthu.cli.setup import open_migrations
from vanthu.cli.trouble import sentence_of
from vanthu.kernel.due import local


class State(StrEnum):
    OK = "ok"
    WARN = "warn"  # works, but should be looked at
    MEND = "mend"  # must be mended
    SKIPPED = "skipped"  # cannot be asked before something else is mended


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; `remedy` says what to do unless everything is well."""

    state: State
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One numbered question; those that need the database are skipped while it cannot be asked."""

    code: str
    name: str
    ask: Callable[[datetime], Answer]
    needs_database: bool = False


LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}
LEAST_FREE_BYTES = 1024**3
KEY_LENGTH = 50
CRL_NOTICE = timedelta(days=3)
ZONE = "Asia/Ho_Chi_Minh"
FONTS = (
    "LiberationSerif-Regular.ttf",
    "LiberationSerif-Bold.ttf",
    "VanthuSerif.ttf",
    "VanthuSerifItalic.ttf",
)


def ok(found: str) -> Answer:
    return Answer(State.OK, found)


def mend(found: str, remedy: str) -> Answer:
    return Answer(State.MEND, found, remedy)


def warn(found: str, remedy: str) -> Answer:
    return Answer(State.WARN, found, remedy)


def home(_: datetime) -> Answer:
    folder = Path(settings.VANTHU_HOME)
    if not folder.is_dir():
        return mend(f"không có thư mục {folder}", "Đặt VANTHU_HOME, rồi chạy `vanthu migrate`.")
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return warn(f"{folder} mở cho người dùng khác của máy", f"Chạy `chmod 700 {folder}`.")
    return ok(str(folder))


def database(_: datetime) -> Answer:
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return mend("không kết nối được", sentence_of(error) or str(error))
    return ok(f"{connection.vendor}, kết nối được")


def migrations(_: datetime) -> Answer:
    left = open_migrations()
    if left:
        return mend(f"còn {left} bước nâng cấp chưa chạy", "Chạy `vanthu migrate`.")
    return ok("đúng phiên bản chương trình")


def blobs(_: datetime) -> Answer:
    from vanthu.foundation import storage

    try:
        free = storage.blobs().probe()
    except (OSError, ValueError, storage.StoreUnavailable, storage.DamagedBlob) as error:
        return mend("không ghi, đọc được", sentence_of(error) or f"{error}.")
    if free is None:
        return ok("ghi, đọc được")
    if free < LEAST_FREE_BYTES:
        return warn(f"còn trống {free // 1024**2} MB", "Mở rộng ổ đĩa chứa kho tệp.")
    return ok(f"ghi được, còn trống {free // 1024**3} GB")


def secret_key(_: datetime) -> Answer:
    if len(settings.SECRET_KEY) < KEY_LENGTH:
        return mend(
            f"ngắn hơn {KEY_LENGTH} ký tự",
            "Đặt VANTHU_SECRET_KEY dài, ngẫu nhiên, giống nhau trên mọi máy chủ.",
        )
    file = Path(settings.VANTHU_HOME) / "secret.key"
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        return mend(f"{file} mở cho người dùng khác của máy", f"Chạy `chmod 600 {file}`.")
    return ok("đủ dài, chỉ chủ sở hữu đọc được")


def debugging(_: datetime) -> Answer:
    if settings.DEBUG:
        return mend("chế độ gỡ lỗi đang bật, lộ thông tin nội bộ", "Bỏ VANTHU_DEBUG.")
    return ok("chế độ gỡ lỗi tắt")


def _is_local() -> bool:
    return set(settings.ALLOWED_HOSTS) <= LOOPBACK


def hosts(_: datetime) -> Answer:
    named = settings.ALLOWED_HOSTS
    if not named or "*" in named:
        return mend("chưa giới hạn tên miền được gọi", "Đặt VANTHU_ALLOWED_HOSTS là tên miền của hệ thống.")
    return ok(", ".join(named))


def https(_: datetime) -> Answer:
    if settings.SESSION_COOKIE_SECURE or _is_local():
        return ok("chỉ dùng trên máy này" if _is_local() else "cookie chỉ gửi qua https")
    return mend(
        "có tên miền ngoài máy này nhưng cookie gửi được qua http",
        "Đặt VANTHU_SECURE_COOKIES=true và phục vụ qua https.",
    )


def demonstration(_: datetime) -> Answer:
    if settings.VANTHU_DEMO and not _is_local():
        return mend("chế độ trình diễn mở ra ngoài máy này", "Bỏ VANTHU_DEMO trên hệ thống thật.")
    return ok("đang trình diễn" if settings.VANTHU_DEMO else "không trình diễn")


def clock(now: datetime) -> Answer:
    if settings.TIME_ZONE != ZONE:
        return mend(f"múi giờ {settings.TIME_ZONE}", f"Múi giờ phải là {ZONE}.")
    here = now.astimezone(ZoneInfo(ZONE))
    return ok(f"{here:%H:%M %d/%m/%Y}, {ZONE}")


def trust(now: datetime) -> Answer:
    from vanthu.signing.operations import trust_store
    from vanthu.signing.validation import TrustStoreError

    try:
        store = trust_store()
    except TrustStoreError as error:
        return mend(str(error), "Nhập chứng thư gốc bằng `vanthu trust import`.")
    if not store.crls:
        return warn("không có danh sách thu hồi", "Chạy `vanthu trust refresh`.")
    ends = [x509.load_der_x509_crl(item).next_update_utc for item in store.crls]
    first = min((end for end in ends if end is not None), default=None)
    if first is None or first < now:
        return mend(
            "danh sách thu hồi đã quá hạn cập nhật", "Chạy `vanthu trust refresh`; xem `vanthu trust list`."
        )
    said = f"{len(store.roots)} chứng thư gốc, danh sách thu hồi đến {first:%d/%m/%Y}"
    return warn(said, "Chạy `vanthu trust refresh`.") if first < now + CRL_NOTICE else ok(said)


def authorities(now: datetime) -> Answer:
    """Who is trusted for real, apart from the demonstration."""
    from vanthu.signing.queries import trusted_authorities

    rows = [row for row in trusted_authorities(now=now) if not row.is_demonstration]
    if not any(row.kind == "root" for row in rows):
        said = "chưa có chứng thư gốc thật nào"
        return (
            ok(f"{said} (đang trình diễn)")
            if settings.VANTHU_DEMO
            else mend(said, "Chạy `vanthu trust import`.")
        )
    troubled = [f"{row.name}: {' '.join(row.problems)}" for row in rows if row.problems]
    if troubled:
        return warn(
            "; ".join(troubled),
            "Xem `vanthu trust list`, rồi `vanthu trust refresh` hoặc `vanthu trust pin`.",
        )
    return ok(f"{len(rows)} tổ chức chứng thực")


def certificates(now: datetime) -> Answer:
    """Certificates of people and agencies that have ended or end soon."""
    from vanthu.signing.queries import ending_certificates

    rows = ending_certificates(now=now)
    if not rows:
        return ok("không có chứng thư số nào sắp hết hạn")
    named = ", ".join(f"{row.subject} ({row.valid_to:%d/%m/%Y})" for row in rows[:5])
    return warn(
        f"{len(rows)} chứng thư số hết hạn hoặc sắp hết hạn: {named}",
        "Gia hạn, rồi đăng ký ở mục Chứng thư số.",
    )


def stamps(now: datetime) -> Answer:
    """Time-stamping authorities, and what their absence has left undone."""
    from vanthu.signing.queries import rendition_radar
    from vanthu.signing.timestamping import addresses

    try:
        found = addresses()
    except ValueError as error:
        return mend(str(error), "Sửa VANTHU_TSA theo docs/configuration.md.")
    if not found and not settings.VANTHU_DEMO:
        return warn(
            "chưa có dịch vụ cấp dấu thời gian, chữ ký sẽ thiếu dấu", "Đặt VANTHU_TSA, rồi khởi động lại."
        )
    failing = rendition_radar(now=now).failing
    if failing:
        return warn(
            f"{failing} bản lưu trữ dài hạn chưa tạo hoặc gia hạn được",
            "Chạy `vanthu signatures radar` để xem vì sao.",
        )
    return ok(f"{len(found)} dịch vụ" if found else "tự cấp, chỉ để trình diễn")


def fonts(_: datetime) -> Answer:
    from vanthu.renditions import typesetting

    missing = [name for name in FONTS if not (typesetting.FONTS / name).is_file()]
    if missing:
        return mend(f"thiếu {', '.join(missing)}", "Cài đặt lại gói vanthu.")
    return ok("đủ phông chữ để in văn bản")


def calendar(now: datetime) -> Answer:
    from vanthu.organizations.queries import city_days

    year = now.astimezone(ZoneInfo(ZONE)).year
    missing = [str(each) for each in (year, year + 1) if not city_days(each)]
    if missing:
        return mend(
            f"chưa có ngày nghỉ của năm {', '.join(missing)}",
            "Chạy `vanthu migrate`; nếu vẫn thiếu, quản trị Thành phố nhập ngày nghỉ.",
        )
    projected = [str(each) for each in (year, year + 1) if any(day.projected for day in city_days(each))]
    if str(year) in projected:
        return warn(
            f"ngày nghỉ năm {year} còn là dự kiến", "Quản trị Thành phố xác nhận theo thông báo chính thức."
        )
    return ok(f"đã có năm {year} và {year + 1}" + (f" (năm {projected[-1]} dự kiến)" if projected else ""))


def stored_bytes(now: datetime) -> Answer:
    from vanthu.evidence.queries.fixity import fixity_status

    status = fixity_status(now=now)
    if status.open_findings:
        return mend(
            f"{status.open_findings} tệp không còn đúng như khi lưu",
            "Chạy `vanthu audit fixity` để xem từng tệp và cách xử lý.",
        )
    if status.is_behind:
        return warn(
            f"lượt kiểm tra chậm, mới đọc {status.share:.0%} kho",
            "Kiểm tra worker đang chạy, hoặc tăng VANTHU_FIXITY_MB.",
        )
    backup = "có bản sao lưu" if status.has_backup else "chưa đặt bản sao lưu (VANTHU_BACKUP_BLOBS)"
    if not status.number:
        return ok(f"chưa có lượt kiểm tra nào, {backup}")
    return ok(f"lượt {status.number} đã đọc {status.share:.0%} kho, {backup}")


def log_alarms(_: datetime) -> Answer:
    """What was found wrong with the log and nobody has settled: it is never only a warning."""
    from vanthu.evidence.queries.alarms import open_alarms

    alarms = open_alarms()
    if not alarms:
        return ok("không có cảnh báo nào đang mở")
    newest = alarms[0]
    return mend(
        f"{len(alarms)} cảnh báo đang mở, mới nhất {local(newest.at):%H:%M %d/%m/%Y}: {newest.why}",
        "Giữ nguyên hệ thống, chạy `vanthu audit verify`, đối chiếu tệp nhân chứng bằng `vanthu audit witness`.",
    )


def exchange_line(now: datetime) -> Answer:
    from vanthu.exchange.queries.inbox import line_health
    from vanthu.exchange.rules.diagnoses import WORDS, Diagnosis

    health = line_health(now=now)
    if health is None:
        return ok("chưa khai báo (VANTHU_LINE_URL), văn bản chỉ gửi nhận trong hệ thống")
    if health.down_since is not None:
        words = WORDS[Diagnosis(health.diagnosis)]
        return mend(
            f"không hỏi được trục từ {local(health.down_since):%H:%M %d/%m/%Y}: {words.cause}", words.remedy
        )
    if health.is_silent:
        return warn("không có tiến trình nào hỏi trục", "Chạy `vanthu worker --with-timetable`.")
    if health.is_stuck and health.oldest_stored:
        since = f"{local(health.oldest_stored):%H:%M %d/%m/%Y}"
        return mend(f"gói tin tải về từ {since} chưa xử lý được", "Xem Quản trị › Đường liên thông.")
    if health.is_parked_long:
        return warn("có trạng thái chờ văn bản liên quan quá 24 giờ", "Xem Quản trị › Đường liên thông.")
    return ok("trục trả lời, không có gói tin nào bị ách lại")


CHECKS = (
    Check("VT-CHK-01", "Thư mục cài đặt", home),
    Check("VT-CHK-02", "Cơ sở dữ liệu", database),
    Check("VT-CHK-03", "Phiên bản cơ sở dữ liệu", migrations, needs_database=True),
    Check("VT-CHK-04", "Kho tệp", blobs),
    Check("VT-CHK-05", "Khóa bí mật của hệ thống", secret_key),
    Check("VT-CHK-06", "Chế độ gỡ lỗi", debugging),
    Check("VT-CHK-07", "Tên miền được gọi", hosts),
    Check("VT-CHK-08", "Kết nối https", https),
    Check("VT-CHK-09", "Chế độ trình diễn", demonstration),
    Check("VT-CHK-10", "Đồng hồ, múi giờ", clock),
    Check("VT-CHK-11", "Danh sách tin cậy", trust),
    Check("VT-CHK-12", "Phông chữ", fonts),
    Check("VT-CHK-13", "Lịch làm việc", calendar, needs_database=True),
    Check("VT-CHK-15", "Toàn vẹn kho tệp", stored_bytes, needs_database=True),
    Check("VT-CHK-16", "Tổ chức chứng thực", authorities, needs_database=True),
    Check("VT-CHK-17", "Hạn chứng thư số", certificates, needs_database=True),
    Check("VT-CHK-18", "Dấu thời gian", stamps, needs_database=True),
    Check("VT-CHK-19", "Đường liên thông", exchange_line, needs_database=True),
    Check("VT-CHK-20", "Nhật ký và chứng cứ", log_alarms, needs_database=True),
)
SYSTEM = Check("VT-CHK-14", "Kiểm tra của Django", lambda _: ok("không có cảnh báo"))
COVERED = {
    "security.W004",  # HSTS belongs to the proxy that speaks https
    "security.W008",  # so does the redirect
    "security.W009",  # VT-CHK-05
    "security.W012",  # VT-CHK-08
    "security.W016",  # VT-CHK-08
    "security.W018",  # VT-CHK-06
    "security.W020",  # VT-CHK-07
}
"""Deployment warnings that a check above asks better, or that are not ours."""

NOT_FOR_OPERATORS = {"urls", "templates"}
"""What depends on the program alone: the tests ask it."""


def results(now: datetime) -> Iterator[tuple[Check, Answer]]:
    """Every check with its answer, in order; the system checks last, one line for each message."""
    has_database = True
    for check in CHECKS:
        if check.needs_database and not has_database:
            yield check, Answer(State.SKIPPED, "chưa kiểm tra được", "Khắc phục cơ sở dữ liệu trước.")
            continue
        answer = check.ask(now)
        if check.code in {"VT-CHK-02", "VT-CHK-03"} and answer.state is State.MEND:
            has_database = False
        yield check, answer
    messages = list(_system_messages())
    yield from ((SYSTEM, message) for message in messages)
    if not messages:
        yield SYSTEM, SYSTEM.ask(now)


def _system_messages() -> Iterator[Answer]:
    from django.core.checks import WARNING, registry, run_checks

    tags = registry.registry.tags_available(deployment_checks=True) - NOT_FOR_OPERATORS
    for message in run_checks(tags=sorted(tags), include_deployment_checks=True):
        if message.id in COVERED or message.is_silenced() or message.level < WARNING:
            continue
        state = State.MEND if message.is_serious() else State.WARN
        yield Answer(state, f"{message.id}: {message.msg}", message.hint or "")
