"""Registers the context with Django."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "vanthu.evidence"
    label = "evidence"
