"""The door for the server of the axis: `vanthu axis serve` hands it to the HTTP server."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vanthu.settings.base")
django.setup()

from vanthu.axis.server import Axis  # noqa: E402 - models need Django first

application = Axis()
