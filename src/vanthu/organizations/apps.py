"""Registers the context with Django."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "vanthu.organizations"
    label = "organizations"
