"""Registers the context with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "vanthu.accounts"
    label = "accounts"
