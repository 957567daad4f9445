"""Known trouble in words: what did not happen, why, what to do; never a traceback for something we expect."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

COULD_NOT_RUN = 2

NOT_MIGRATED = "Chưa thực hiện được: cơ sở dữ liệu chưa được tạo hoặc chưa nâng cấp. Chạy `vanthu migrate`."
NO_DATABASE = (
    "Chưa thực hiện được: không kết nối được cơ sở dữ liệu ({why}). "
    "Kiểm tra VANTHU_DATABASE_URL và máy chủ cơ sở dữ liệu, rồi chạy lại."
)
BUSY = "Chưa thực hiện được: cơ sở dữ liệu đang bận ghi. Chờ ít giây rồi chạy lại."
BAD_SETTING = "Chưa thực hiện được: cấu hình VANTHU_* không đúng ({why}). Xem docs/configuration.md."
NO_ACCESS = "Chưa thực hiện được: không có quyền ghi, đọc {file}. Cấp quyền cho người đang chạy lệnh."
NO_SPACE = "Chưa thực hiện được: ổ đĩa đã đầy ({file}). Giải phóng dung lượng rồi chạy lại."
NO_FILE = "Chưa thực hiện được: không có {file}. Kiểm tra VANTHU_HOME."

MISSING_TABLE = ("no such table", "no such column", "does not exist")


class Trouble(click.ClickException):
    """Nothing was done; ends with 2 and one sentence on the error stream."""

    exit_code = COULD_NOT_RUN

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, err=True)


@contextmanager
def in_words() -> Iterator[None]:
    """Turn refusals and the known trouble of settings, database and files into `Trouble`; the rest is a bug."""
    try:
        yield
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        raise Trouble(sentence) from error


def sentence_of(error: Exception) -> str | None:
    """The sentence for trouble we know; None for a bug."""
    from vanthu.foundation.storage import StoreUnavailable
    from vanthu.kernel.errors import DomainError

    if isinstance(error, DomainError):
        from vanthu.foundation.refusals import spoken

        return "\n".join(str(spoken(violation)) for violation in error.violations)
    if isinstance(error, StoreUnavailable):
        return str(error)
    if isinstance(error, OSError):
        return _of_file(error)
    return _of_database(error) or _of_settings(error)


def _of_file(error: OSError) -> str | None:
    texts = {
        errno.EACCES: NO_ACCESS,
        errno.EPERM: NO_ACCESS,
        errno.EROFS: NO_ACCESS,
        errno.ENOSPC: NO_SPACE,
        errno.ENOENT: NO_FILE,
    }
    text = texts.get(error.errno or 0)
    return text.format(file=error.filename or "tệp của hệ thống") if text else None


def _of_database(error: Exception) -> str | None:
    from django.db.utils import DatabaseError

    if not isinstance(error, DatabaseError):
        return None
    said = " ".join(str(error).split())
    if any(words in said for words in MISSING_TABLE) and "database" not in said.split(" does not exist")[0]:
        return NOT_MIGRATED
    if "locked" in said:
        return BUSY
    return NO_DATABASE.format(why=said[:160]) if type(error).__name__ == "OperationalError" else None


def _of_settings(error: Exception) -> str | None:
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        names = ", ".join(f"VANTHU_{str(item['loc'][0]).upper()}" for item in error.errors())
        return BAD_SETTING.format(why=names)
    if isinstance(error, ValueError) and str(error).startswith("VANTHU_"):
        return BAD_SETTING.format(why=str(error))
    return None
