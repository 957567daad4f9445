"""Puts the house together: recorder and followers into the unit of work, words into refusals, jobs into the worker."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from django.apps import AppConfig

from vanthu.kernel.refusals import Catalogue

WORDS = (
    "vanthu.accounts.rules.refusals",
    "vanthu.organizations.rules.refusals",
    "vanthu.documents.rules.refusals",
    "vanthu.documents.rules.intake_refusals",
    "vanthu.renditions.rules.refusals",
    "vanthu.presentation.rules.refusals",
    "vanthu.signing.rules.refusals",
    "vanthu.signing.rules.remote_refusals",
    "vanthu.signing.rules.trust_refusals",
    "vanthu.signing.rules.agent_refusals",
    "vanthu.signing.rules.level_refusals",
    "vanthu.evidence.rules.refusals",
    "vanthu.drafting.rules.refusals",
    "vanthu.routing.rules.refusals",
    "vanthu.registry.rules.refusals",
    "vanthu.exchange.rules.refusals",
    "vanthu.axis.rules.refusals",
    "vanthu.axis.rules.desk_refusals",
    "vanthu.exchange.rules.recall_refusals",
)
"""Where each context keeps the words of its refusals."""


def _catalogues(module: ModuleType) -> list[Catalogue]:
    return [value for name, value in vars(module).items() if name.endswith("REFUSALS")]


class VanthuConfig(AppConfig):
    """The last app to start: everything it connects is there."""

    name = "vanthu"
    label = "vanthu"

    def ready(self) -> None:
        from vanthu import wiring
        from vanthu.audit.operations import ChainRecorder
        from vanthu.foundation import operation, refusals

        operation.install(recorder=ChainRecorder(), follower=wiring.Table())
        refusals.install(*(catalogue for name in WORDS for catalogue in _catalogues(import_module(name))))
        for context in ("signing", "evidence", "registry", "exchange", "axis"):
            import_module(f"vanthu.{context}.jobs")
