"""The queues of the product: name, desk, and who sees them (product.md, "Who uses it")."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vanthu.kernel.actor import Actor, Role, holder_of_office, holder_of_post


class Queue(StrEnum):
    """Hàng chờ."""

    TO_RECEIVE = "TO_RECEIVE"
    TO_REGISTER = "TO_REGISTER"
    TO_SUBMIT = "TO_SUBMIT"
    TO_NUMBER = "TO_NUMBER"
    TO_ISSUE = "TO_ISSUE"
    TO_POST = "TO_POST"
    REFUSED = "REFUSED"
    TO_RECALL = "TO_RECALL"
    RECALLED = "RECALLED"
    TO_CONSENT = "TO_CONSENT"
    TO_DIRECT = "TO_DIRECT"
    TO_SIGN = "TO_SIGN"
    TO_ASSIGN = "TO_ASSIGN"
    TO_APPROVE = "TO_APPROVE"
    TO_CHECK_FORM = "TO_CHECK_FORM"
    RESULTS = "RESULTS"
    MY_WORK = "MY_WORK"
    MY_DRAFTS = "MY_DRAFTS"
    TO_KNOW = "TO_KNOW"


class Desk(StrEnum):
    """Whose desk a queue stands on."""

    OFFICE = "OFFICE"  # văn thư của cơ quan
    POST = "POST"  # một vị trí


@dataclass(frozen=True, slots=True)
class QueueKind:
    """One queue: `key` is the letter after `g`, `brings` says what will bring something here."""

    queue: Queue
    desk: Desk
    group: str
    label: str
    slug: str
    roles: frozenset[Role]
    brings: str
    key: str = ""

    def holder(self, actor: Actor) -> str | None:
        """The desk of this queue for the actor, if he has one."""
        if self.desk is Desk.OFFICE:
            return None if actor.agency_id is None else holder_of_office(actor.agency_id)
        return None if actor.post_id is None else holder_of_post(actor.post_id)


_CLERK = frozenset({Role.CLERK})
_LEADERS = frozenset({Role.LEADER, Role.DEPUTY, Role.OFFICE_CHIEF})
_HEADS = frozenset({Role.UNIT_HEAD, Role.OFFICE_CHIEF})
_WORKERS = frozenset({Role.OFFICER, Role.UNIT_HEAD, Role.OFFICE_CHIEF})
_IN, _OUT, _LEAD, _WORK = "Văn bản đến", "Văn bản đi", "Chỉ đạo, ký", "Công việc"

CATALOGUE: tuple[QueueKind, ...] = (
    QueueKind(
        Queue.TO_RECEIVE,
        Desk.OFFICE,
        _IN,
        "Chờ tiếp nhận",
        "cho-tiep-nhan",
        _CLERK,
        "Văn bản gửi đến cơ quan qua hệ thống sẽ hiện ở đây.",
        "d",
    ),
    QueueKind(
        Queue.TO_REGISTER,
        Desk.OFFICE,
        _IN,
        "Chờ đăng ký",
        "cho-dang-ky",
        _CLERK,
        "Văn bản đã tiếp nhận, chưa có số đến sẽ hiện ở đây.",
        "k",
    ),
    QueueKind(
        Queue.TO_SUBMIT,
        Desk.OFFICE,
        _IN,
        "Chờ trình",
        "cho-trinh",
        _CLERK,
        "Văn bản đã đăng ký, chưa trình lãnh đạo sẽ hiện ở đây.",
        "t",
    ),
    QueueKind(
        Queue.TO_RECALL,
        Desk.OFFICE,
        _IN,
        "Yêu cầu thu hồi, lấy lại",
        "yeu-cau-thu-hoi",
        _CLERK,
        "Văn bản đến bị nơi gửi thu hồi, xin lấy lại hoặc cập nhật sẽ hiện ở đây.",
        "h",
    ),
    QueueKind(
        Queue.TO_NUMBER,
        Desk.OFFICE,
        _OUT,
        "Chờ cấp số",
        "cho-cap-so",
        _CLERK,
        "Văn bản lãnh đạo đã ký số sẽ hiện ở đây.",
        "s",
    ),
    QueueKind(
        Queue.TO_ISSUE,
        Desk.OFFICE,
        _OUT,
        "Chờ phát hành",
        "cho-phat-hanh",
        _CLERK,
        "Văn bản đã cấp số, chưa gửi đi sẽ hiện ở đây.",
        "p",
    ),
    QueueKind(
        Queue.TO_POST,
        Desk.OFFICE,
        _OUT,
        "Chờ gửi bản giấy",
        "cho-gui-ban-giay",
        _CLERK,
        "Văn bản có nơi nhận chưa nhận được điện tử sẽ hiện ở đây.",
    ),
    QueueKind(
        Queue.REFUSED,
        Desk.OFFICE,
        _OUT,
        "Bị từ chối",
        "bi-tu-choi",
        _CLERK,
        "Văn bản bị nơi nhận từ chối, trả lại sẽ hiện ở đây kèm lý do.",
        "b",
    ),
    QueueKind(
        Queue.TO_DIRECT,
        Desk.POST,
        _LEAD,
        "Chờ cho ý kiến chỉ đạo",
        "cho-chi-dao",
        _LEADERS,
        "Văn bản văn thư trình sẽ hiện ở đây, khẩn trước.",
        "d",
    ),
    QueueKind(
        Queue.TO_SIGN,
        Desk.POST,
        _LEAD,
        "Chờ ký",
        "cho-ky",
        frozenset({Role.LEADER, Role.DEPUTY, Role.OFFICE_CHIEF, Role.UNIT_HEAD}),
        "Dự thảo đạt thể thức, trình ký sẽ hiện ở đây.",
        "k",
    ),
    QueueKind(
        Queue.TO_CONSENT,
        Desk.POST,
        _LEAD,
        "Chờ cho ý kiến tiếp nhận",
        "cho-y-kien-tiep-nhan",
        frozenset({Role.OFFICE_CHIEF}),
        "Văn bản có chữ ký cần xem xét sẽ hiện ở đây.",
    ),
    QueueKind(
        Queue.RECALLED,
        Desk.POST,
        _LEAD,
        "Bị thu hồi",
        "bi-thu-hoi",
        _LEADERS,
        "Văn bản đã trình bạn mà nơi gửi thu hồi, lấy lại sẽ hiện ở đây.",
    ),
    QueueKind(
        Queue.TO_ASSIGN,
        Desk.POST,
        _WORK,
        "Chờ phân công",
        "cho-phan-cong",
        _HEADS,
        "Việc lãnh đạo giao đơn vị sẽ hiện ở đây.",
        "a",
    ),
    QueueKind(
        Queue.MY_WORK,
        Desk.POST,
        _WORK,
        "Việc của tôi",
        "viec-cua-toi",
        _WORKERS,
        "Việc được giao cho bạn sẽ hiện ở đây, theo hạn.",
        "c",
    ),
    QueueKind(
        Queue.RESULTS,
        Desk.POST,
        _WORK,
        "Chờ duyệt kết quả",
        "cho-duyet-ket-qua",
        _LEADERS | _HEADS,
        "Kết quả cấp dưới trình sẽ hiện ở đây.",
        "q",
    ),
    QueueKind(
        Queue.TO_APPROVE,
        Desk.POST,
        _WORK,
        "Chờ duyệt nội dung",
        "cho-duyet-noi-dung",
        _HEADS,
        "Dự thảo của đơn vị trình lên sẽ hiện ở đây.",
        "n",
    ),
    QueueKind(
        Queue.TO_CHECK_FORM,
        Desk.POST,
        _WORK,
        "Chờ kiểm tra thể thức",
        "cho-kiem-tra-the-thuc",
        frozenset({Role.FORM_CHECKER, Role.OFFICE_CHIEF}),
        "Dự thảo đã duyệt nội dung sẽ hiện ở đây.",
        "f",
    ),
    QueueKind(
        Queue.MY_DRAFTS,
        Desk.POST,
        _WORK,
        "Dự thảo của tôi",
        "du-thao-cua-toi",
        _WORKERS,
        "Dự thảo bạn đang soạn hoặc bị trả lại sẽ hiện ở đây.",
        "m",
    ),
    QueueKind(
        Queue.TO_KNOW,
        Desk.POST,
        _WORK,
        "Để biết",
        "de-biet",
        _HEADS,
        "Văn bản gửi đơn vị để biết sẽ hiện ở đây.",
    ),
)

BY_QUEUE = {kind.queue: kind for kind in CATALOGUE}
BY_SLUG = {kind.slug: kind for kind in CATALOGUE}


def queues_of(actor: Actor) -> tuple[QueueKind, ...]:
    """The queues on the actor's desk, in the order of the rail."""
    return tuple(kind for kind in CATALOGUE if not kind.roles.isdisjoint(actor.roles))
