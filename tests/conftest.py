"""Settings that all tests share."""

import os
import tempfile

import chromium
import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]  # for the tests of the pytest plugin

settings.register_profile("everyday", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("everyday"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "everyday")

# No test writes into the cache of who runs it.
_cache = tempfile.TemporaryDirectory(prefix="autograd_bp-cache-")
os.environ["AUTOGRAD_BP_CACHE"] = _cache.name


@pytest.fixture(scope="module")
def browser():
    """A Chromium for the tests of a module, which open pages of their own in it."""
    with chromium.launched() as running:
        yield running
