"""The door for the server of the axis: `vanthu axis serve` hands it to the HTTP server."""

import gc
import os
import sys

import django

# The loop answers, the writer stores: each hands the interpreter over after a millisecond, not after five.
sys.setswitchinterval(0.001)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vanthu.settings.base")
django.setup()

from vanthu.axis.server import Axis  # noqa: E402 - models need Django first

application = Axis()

# A message is read into some hundred small objects that go by themselves: the collector need not look each time, and
# never again at what lives as long as the server.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
