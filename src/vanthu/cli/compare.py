"""The pictures of `vanthu verify --compare`: what was signed beside what the file shows now."""

from __future__ import annotations

from pathlib import Path

import click

from vanthu.kernel.errors import DomainError
from vanthu.renditions.pages import compare_pages, page_image
from vanthu.signing.rules.verdicts import FileVerdict
from vanthu.signing.validation.versions import end_of_signed_version

WIDTH_PX = 1000
NOTHING = "{file}: không có thay đổi nào sau chữ ký cần so bằng hình."
NOT_DRAWN = "{file}: không vẽ được trang để so ({why})."
CHANGED = "{file}: hình đã lưu trong {folder}; trang có thay đổi: {pages}."
ALIKE = "{file}: hình đã lưu trong {folder}; các trang trông như nhau, thay đổi nằm ở phần không hiện."


def write_pictures(file: Path, data: bytes, verdict: FileVerdict, folder: Path) -> None:
    """Draw both versions of each page into `folder` and say on the error stream which pages differ."""
    end = end_of_signed_version(data, verdict)
    if end is None:
        click.echo(NOTHING.format(file=file), err=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    try:
        changed = _write(file.stem, data, end, folder)
    except DomainError as refusal:
        click.echo(NOT_DRAWN.format(file=file, why=refusal), err=True)
        return
    words = CHANGED if changed else ALIKE
    click.echo(words.format(file=file, folder=folder, pages=", ".join(map(str, changed))), err=True)


def _write(stem: str, data: bytes, end: int, folder: Path) -> list[int]:
    pages = compare_pages(data[:end], data)
    for page in pages:
        name = f"{stem}-trang-{page.number:03}"
        if page.is_before:
            picture = page_image(data[:end], page.number - 1, WIDTH_PX)
            (folder / f"{name}-da-ky.webp").write_bytes(picture)
        if page.is_after:
            (folder / f"{name}-hien-co.webp").write_bytes(page_image(data, page.number - 1, WIDTH_PX))
    return [page.number for page in pages if page.is_changed]
