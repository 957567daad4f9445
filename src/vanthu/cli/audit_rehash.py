"""`vanthu audit rehash`: hash what the evidence covers anew, before its hash algorithm weakens (RFC 4998 5.2)."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vanthu.cli.setup import require_migrated, say_json, start_django

STOPPED = 1
ALGORITHMS = ("sha256", "sha384", "sha512")


@click.command()
@click.option(
    "--algorithm",
    type=click.Choice(ALGORITHMS),
    default="sha512",
    show_default=True,
    help="thuật toán băm mới",
)
@click.option("--limit", type=click.IntRange(min=1), help="số lô nhiều nhất trong lần chạy này")
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
def rehash(algorithm: str, limit: int | None, as_json: bool) -> None:
    """Băm lại chứng cứ bằng thuật toán khác; dấu thời gian mới được xin ở lượt kế tiếp. Mã thoát 1: có lô không băm được."""
    start_django()
    require_migrated()
    from vanthu.evidence.queries.records import batches_hashed_otherwise

    waiting = batches_hashed_otherwise(algorithm)
    chosen = waiting[:limit]
    failed = {batch_id: why for batch_id in chosen if (why := _rehash(batch_id, algorithm))}
    done, left = len(chosen) - len(failed), len(waiting) - len(chosen)
    if as_json:
        say_json(ok=not failed, algorithm=algorithm, done=done, left=left, failed=failed)
    else:
        for batch_id, why in failed.items():
            click.echo(
                f"Lô {batch_id} chưa băm lại: {why}. Chạy `vanthu audit fixity --all`, khôi phục tệp rồi chạy lại."
            )
        click.echo(f"Đã băm lại {done} lô bằng {algorithm}; còn {left} lô.")
    raise SystemExit(STOPPED if failed else 0)


def _rehash(batch_id: int, algorithm: str) -> str:
    """Why a batch could not be hashed anew; empty when it was."""
    from vanthu.evidence.operations import renew_hash_tree
    from vanthu.foundation.storage import DamagedBlob, MissingBlob
    from vanthu.kernel.actor import system_actor

    try:
        renew_hash_tree(
            actor=system_actor(None), batch_id=batch_id, algorithm=algorithm, now=datetime.now(UTC)
        )
    except MissingBlob as error:
        return f"kho không còn tệp {error}"
    except DamagedBlob as error:
        return f"tệp trong kho đã khác với lúc lưu ({error})"
    return ""
