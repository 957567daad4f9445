"""Registers the context with Django."""

from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "vanthu.queues"
    label = "queues"
