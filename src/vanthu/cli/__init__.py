"""The `vanthu` command: one file per subcommand, loaded when it is called."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import click

from vanthu.cli.trouble import in_words

COMMANDS = {
    "audit": "vanthu.cli.audit",
    "axis": "vanthu.cli.axis",
    "check": "vanthu.cli.check",
    "createadmin": "vanthu.cli.createadmin",
    "demo": "vanthu.cli.demo",
    "due": "vanthu.cli.due",
    "exchange": "vanthu.cli.exchange",
    "edxml": "vanthu.cli.edxml",
    "migrate": "vanthu.cli.migrate",
    "serve": "vanthu.cli.serve",
    "signatures": "vanthu.cli.signatures",
    "tick": "vanthu.cli.tick",
    "trust": "vanthu.cli.trust",
    "verify": "vanthu.cli.verify",
    "worker": "vanthu.cli.worker",
}


class LazyGroup(click.Group):
    """Lists every subcommand but imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(module).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Known trouble ends with 2 and a sentence, whichever subcommand met it."""
        with in_words():
            return super().invoke(ctx)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vanthu")
def main() -> None:
    """Vanthu – Hệ thống quản lý văn bản và điều hành."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vanthu.settings.base")
