"""Registers the context with Django."""

from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "vanthu.signing"
    label = "signing"
