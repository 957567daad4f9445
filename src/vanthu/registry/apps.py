"""Registers the context with Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "vanthu.registry"
    label = "registry"
