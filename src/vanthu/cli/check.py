"""`vanthu check`: whether the installation is in order, and what to mend."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from vanthu.cli.setup import say_json, start_django

MUST_MEND = 1
SIGNS = {"ok": "đạt", "warn": "lưu ý", "mend": "cần sửa", "skipped": "bỏ qua"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="in một đối tượng JSON")
def command(as_json: bool) -> None:
    """Kiểm tra cấu hình, nêu rõ điều cần sửa. Mã thoát: 0 – dùng được; 1 – có điều cần sửa."""
    start_django()
    from vanthu.cli.checks import State, results

    found = list(results(datetime.now(UTC)))
    broken = [check.code for check, answer in found if answer.state is State.MEND]
    if as_json:
        rows = [
            {
                "code": check.code,
                "name": check.name,
                "state": answer.state.value,
                "found": answer.found,
                "remedy": answer.remedy,
            }
            for check, answer in found
        ]
        say_json(ok=not broken, checks=rows)
    else:
        for check, answer in found:
            click.echo(f"{check.code}  {SIGNS[answer.state]:<8} {check.name}: {answer.found}")
            if answer.remedy:
                click.echo(f"{'':21}→ {answer.remedy}")
        click.echo(f"{len(broken)} điều cần sửa." if broken else "Cấu hình dùng được.")
    raise SystemExit(MUST_MEND if broken else 0)
