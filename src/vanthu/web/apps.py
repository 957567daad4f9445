"""Registers the screens with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "vanthu.web"
    label = "web"
