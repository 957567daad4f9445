"""`vanthu audit …`: recompute the log, look at its heads, hand out and check proofs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from vanthu.cli.audit_fixity import fixity
from vanthu.cli.audit_proof import check_proof, prove
from vanthu.cli.audit_rehash import rehash
from vanthu.cli.setup import say_json, start_django

BROKEN = 1


@click.group()
def command() -> None:
    """Nhật ký hệ thống và chứng cứ."""


command.add_command(prove)
command.add_command(check_proof)
command.add_command(fixity)
command.add_command(rehash)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
def verify(as_json: bool) -> None:
    """Tính lại toàn bộ chuỗi nhật ký và mọi đầu cây; chỉ ra chỗ đứt đầu tiên."""
    start_django()
    from vanthu.audit.queries import verify_chains
    from vanthu.evidence.queries.verification import verify_heads

    reports = list(verify_chains())
    heads = verify_heads()
    broken = [report.broken for report in reports if report.broken]
    events = sum(report.events for report in reports)
    is_whole = not broken and not heads.broken
    if as_json:
        breaks = [{"chain": b.chain, "seq": b.seq, "reason": b.reason} for b in broken]
        tree = {"heads": heads.heads, "leaves": heads.leaves, "broken": heads.broken or None}
        say_json(ok=is_whole, chains=len(reports), events=events, breaks=breaks, tree=tree)
    else:
        for item in broken:
            click.echo(f"Chuỗi {item.chain} đứt tại sự kiện {item.seq}: {item.reason}.")
        if heads.broken:
            click.echo(f"Cây nhật ký đứt sau {heads.heads} đầu cây: {heads.broken}.")
        if is_whole:
            click.echo(f"Nhật ký nguyên vẹn: {len(reports)} chuỗi, {events} sự kiện.")
            click.echo(f"Cây nhật ký khớp với chuỗi: {heads.heads} đầu cây, {heads.leaves} sự kiện.")
    raise SystemExit(0 if is_whole else BROKEN)


@command.command()
@click.option("--limit", default=20, show_default=True, help="số đầu cây mới nhất")
@click.option("--json", "as_json", is_flag=True, help="in mỗi đầu cây một dòng JSON")
def heads(limit: int, as_json: bool) -> None:
    """Liệt kê các đầu cây mới nhất."""
    start_django()
    from vanthu.evidence.queries.tree import newest_heads

    for head in newest_heads(limit):
        if as_json:
            say_json(
                size=head.size, root=head.root, at=head.at, key=head.fingerprint, stamped_at=head.stamped_at
            )
            continue
        stamp = f"dấu thời gian {_moment(head.stamped_at)}" if head.stamped_at else "chờ dấu thời gian"
        click.echo(f"{head.size:>12}  {head.root[:16]}  {_moment(head.at)}  {stamp}")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


@command.command("log-key")
@click.option("--rotate", is_flag=True, help="thay khóa; khóa cũ giới thiệu khóa mới rồi bị xóa")
def log_key(rotate: bool) -> None:
    """In khóa công khai và dấu vân tay của nhật ký, để ghim ở nơi khác."""
    start_django()
    from vanthu.evidence.operations import open_log, rotate_log_key
    from vanthu.evidence.queries.tree import log_keys, log_name
    from vanthu.kernel.actor import system_actor

    now = datetime.now(UTC)
    open_log(actor=system_actor(None), now=now)
    if rotate:
        rotate_log_key(actor=system_actor(None), now=now)
    name, keys = log_name(), log_keys()
    click.echo(f"Nhật ký: {name}")
    click.echo(f"Khóa công khai: {keys[-1].public.line(name)}")
    click.echo(f"Dấu vân tay (SHA-256): {keys[-1].fingerprint}")
    for former in keys[:-1]:
        click.echo(f"Khóa trước, từ {_moment(former.made_at)}: {former.fingerprint}")


@command.command()
@click.argument("first", type=int, metavar="HEAD1")
@click.argument("second", type=int, metavar="HEAD2")
def consistency(first: int, second: int) -> None:
    """Chứng minh hai đầu cây (theo kích thước) nối tiếp nhau; in JSON."""
    start_django()
    from vanthu.evidence.queries.tree import consistency_between
    from vanthu.evidence.rules.merkle import is_consistent

    found = consistency_between(first, second)
    roots = bytes.fromhex(found.old.root), bytes.fromhex(found.new.root)
    holds = is_consistent(found.old.size, found.new.size, *roots, found.path)
    path = [item.hex() for item in found.path]
    say_json(ok=holds, old=found.old.note, new=found.new.note, path=path)
    raise SystemExit(0 if holds else BROKEN)


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def witness(file: Path) -> None:
    """Ghi thêm đầu cây mới nhất vào tệp nhân chứng giữ ở nơi khác; báo khi nhật ký bị viết lại."""
    start_django()
    from vanthu.evidence.queries.tree import next_for_witness
    from vanthu.evidence.rules.growth import LogRewritten
    from vanthu.evidence.rules.witness import BadWitness, read_witness

    try:
        seen = read_witness(file.read_text(encoding="utf-8")) if file.exists() else []
    except (BadWitness, UnicodeDecodeError) as error:
        raise SystemExit(_say(f"Tệp nhân chứng bị sửa hoặc hỏng: dòng {error}.", BROKEN)) from error
    last = seen[-1] if seen else None
    try:
        new = next_for_witness(last)
    except LogRewritten as found:
        why = found.details["why"]
        raise SystemExit(_say(f"NHẬT KÝ BỊ VIẾT LẠI: {why}. Giữ nguyên tệp nhân chứng.", BROKEN)) from found
    if last is not None and last.note == new.note:
        click.echo(f"Nhật ký nối tiếp; chưa có đầu cây mới sau {new.head().size}.")
        return
    with file.open("a", encoding="utf-8") as stream:
        stream.write(new.line())
    click.echo(f"Đã ghi đầu cây {new.head().size}, nối tiếp {len(seen)} đầu cây trước.")


def _say(text: str, code: int) -> int:
    click.echo(text, err=True)
    return code
