"""Small suites that pytest runs inside the tests, with the plugin loaded."""

import os
from importlib import metadata
from pathlib import Path

import pytest

# What the inner runs use is imported here once: pytester forgets what they import.
import autograd_bp
import autograd_bp.checking
import autograd_bp.checking.plugin.attach
import autograd_bp.checking.plugin.collector
import autograd_bp.checking.plugin.fixture
import autograd_bp.checking.plugin.marker
import autograd_bp.checking.plugin.page
import autograd_bp.derivatives
import autograd_bp.drawing
import autograd_bp.training
import autograd_bp_pytest

ROOT = Path(autograd_bp_pytest.__file__).parent
INSTALLED = any(each.name == "autograd_bp" for each in metadata.entry_points(group="pytest11"))
assert autograd_bp.checking.assert_gradient

HEADER = """
import pytest, math
import autograd_bp as bp
from autograd_bp.checking import assert_gradient

def energy(p):
    return bp.sigmoid(p["w"] * p["x"] - 1.0) ** 2 + 0.1 * p["w"] ** 2

def right(p):
    y = bp.sigmoid(p["w"] * p["x"] - 1.0)
    return {"w": 2 * y * y * (1 - y) * p["x"] + 0.2 * p["w"], "x": 2 * y * y * (1 - y) * p["w"]}

def without_penalty(p):
    return {"w": right(p)["w"] - 0.2 * p["w"], "x": right(p)["x"]}

POINT = {"w": 0.5, "x": 2.0}
"""


class Suite:
    """A suite in a folder of its own."""

    def __init__(self, pytester, monkeypatch):
        self.pytester = pytester
        self.path = pytester.path
        entry = self.path / "entry" / "plugin_of_autograd_bp-1.dist-info"
        entry.mkdir(parents=True)
        (entry / "METADATA").write_text("Name: plugin-of-autograd-bp\nVersion: 1\n")
        (entry / "entry_points.txt").write_text("[pytest11]\nautograd_bp = autograd_bp_pytest\n")
        before = os.environ.get("PYTHONPATH", "")
        paths = [str(ROOT), str(entry.parent), *filter(None, [before])]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
        monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def write(self, body, name="test_inner"):
        self.pytester.makepyfile(**{name: HEADER + body})

    def run(self, *options, body=None):
        """Run it in this process."""
        if body is not None:
            self.write(body)
        load = () if INSTALLED else ("-p", "autograd_bp_pytest")
        return self.pytester.runpytest_inprocess(
            *load, "-p", "no:randomly", "-p", "no:cacheprovider", *options
        )

    def run_apart(self, *options, body=None):
        """Run it in a process of its own, where the plugin is found by its entry point."""
        if body is not None:
            self.pytester.makepyfile(test_inner=body)
        return self.pytester.runpytest_subprocess("-p", "no:cacheprovider", *options)


@pytest.fixture
def suite(pytester, monkeypatch):
    return Suite(pytester, monkeypatch)
