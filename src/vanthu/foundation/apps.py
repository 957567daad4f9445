"""Registers the foundation (jobs table, template tags) with Django."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "vanthu.foundation"
    label = "foundation"
