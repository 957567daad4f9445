"""Starts Django for the subcommands that need the installation."""

from __future__ import annotations

import json
import os

import click
import django

from vanthu.cli.trouble import NOT_MIGRATED, Trouble


def start_django(*, chatty: bool = False) -> None:
    """Load settings and contexts; the subcommands that need no database never call this.

    Only what runs for long writes its log at VANTHU_LOG_LEVEL's default; elsewhere the answer shall stand alone.
    """
    if not chatty:
        os.environ.setdefault("VANTHU_LOG_LEVEL", "WARNING")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vanthu.settings.base")
    django.setup()


def require_migrated() -> None:
    """Refuses: `Trouble`, when the database is not there or older than this version."""
    if open_migrations():
        raise Trouble(NOT_MIGRATED)


def open_migrations() -> int:
    """How many migrations of this version the database has not seen."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def say_json(**values: object) -> None:
    """The one JSON object of a command that was asked for `--json`."""
    click.echo(json.dumps(values, ensure_ascii=False, default=str))
