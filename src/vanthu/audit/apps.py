"""Registers the context with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "vanthu.audit"
    label = "audit"
