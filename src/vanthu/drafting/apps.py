"""Registers the context with Django."""

from django.apps import AppConfig


class DraftingConfig(AppConfig):
    name = "vanthu.drafting"
    label = "drafting"
