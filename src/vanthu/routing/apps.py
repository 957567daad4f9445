"""Registers the context with Django."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "vanthu.routing"
    label = "routing"
