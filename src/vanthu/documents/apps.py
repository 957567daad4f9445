"""Registers the context with Django."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "vanthu.documents"
    label = "documents"
