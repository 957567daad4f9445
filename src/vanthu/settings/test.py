"""Settings of the tests: a private home, quick password hashes, the database of VANTHU_DATABASE_URL."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("VANTHU_HOME", tempfile.mkdtemp(prefix="vanthu-test-"))
os.environ.setdefault("VANTHU_SECRET_KEY", "a key for tests only, never for an installation")

from vanthu.settings.base import *
from vanthu.settings.base import DATABASES, VANTHU_HOME

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
VANTHU_DEMO = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: live-server and killed processes must see the same database as the tests.
    # Tests survive no power cut: they need not wait for the disk at every commit.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=NORMAL;"
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VANTHU_HOME) / "test.sqlite3")}
