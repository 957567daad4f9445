"""The one table of keys: the page carries it, keys.js makes behaviour of it and `?` shows it (phím tắt)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Key:
    """A key, the act it does and what the help calls it."""

    keys: str
    """As shown and as matched: "j", "Enter", "Ctrl+Enter", "g d"."""
    act: str
    """An element with `data-vanthu-act` of this name, or a movement that keys.js knows."""
    label: Promise


TABLE = (
    Key("/", "search", _("Tìm kiếm")),
    Key("j", "row-down", _("Xuống dòng dưới")),
    Key("k", "row-up", _("Lên dòng trên")),
    Key("Enter", "row-open", _("Mở văn bản")),
    Key("x", "row-select", _("Chọn hoặc bỏ chọn")),
    Key("e", "primary", _("Việc chính của màn hình")),
    Key("Ctrl+Enter", "submit", _("Thực hiện việc đang nhập")),
    Key("a", "assign", _("Giao xử lý")),
    Key("r", "return", _("Trả lại, từ chối")),
    Key("n", "next", _("Văn bản tiếp theo")),
    Key("p", "prev", _("Văn bản trước")),
    Key("g d", "go-d", _("Đến: Văn bản đến")),
    Key("g e", "go-e", _("Đến: Văn bản đi")),
    Key("g c", "go-c", _("Đến: Chờ tôi")),
    Key("g m", "go-m", _("Đến: Việc của tôi")),
    Key("?", "help", _("Các phím dùng được ở đây")),
    Key("Esc", "close", _("Đóng, thôi")),
)
