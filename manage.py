#!/usr/bin/env python
"""Django's own commands, for developers; operators use `vanthu`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vanthu.settings.base")
    execute_from_command_line(sys.argv)
