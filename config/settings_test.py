"""The settings of the tests: the same, as the owner (who makes and drops the databases), in a home of their own."""

from __future__ import annotations

import os

# Kept under a second name, so that the workers that inherit this environment do not go a level deeper each.
os.environ.setdefault("PROMOTION_HOME_OF_TESTS", os.path.join(os.environ.get("PROMOTION_HOME", "var"), "test"))
os.environ["PROMOTION_HOME"] = os.environ["PROMOTION_HOME_OF_TESTS"]
os.environ["DATABASE_AS_OWNER"] = "1"

from config import broker, env
from config.embedded import valkey
from config.settings import *

# Each worker of the tests has a number of the broker to itself.
_number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
if not env.given("REDIS_URL"):
    REDIS_URL = f"{valkey.ensure().rpartition('/')[0]}/{_number}"
    CACHES = {**CACHES, "default": broker.cache(REDIS_URL)}
    CELERY_BROKER_URL = REDIS_URL

# Argon2 is slow on purpose; a test that is about hashing sets it back.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Each test's client starts the site anew; the real server of the flows serves static files by a way of its own.
WHITENOISE_USE_FINDERS = False
