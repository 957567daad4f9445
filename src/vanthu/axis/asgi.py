"""The door for the server of the axis: `vanthu axis serve` hands it to the HTTP server."""

import os
import sys

import django

# The loop answers, the writer stores: each hands the interpreter over after a millisecond, not after five.
sys.setswitchinterval(0.001)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vanthu.settings.base")
django.setup()

from vanthu.axis.server import Axis  # noqa: E402 - models need Django first

application = Axis()
