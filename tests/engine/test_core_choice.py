"""Which core is loaded, and what `info` says where it is not the compiled one."""

import importlib.machinery
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograd_bp import core

PACKAGE = Path(core.__file__).parent
SUFFIX = importlib.machinery.EXTENSION_SUFFIXES[0]


def info(folder, program="", **environment):
    """The reason that `info` gives in another process, of the package in a folder."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import autograd_bp as bp\nfacts = bp.info()\n"
            "print(facts['core'], '|', facts.get('core_reason'))\n" + program,
        ],
        env={
            **{name: value for name, value in os.environ.items() if name != "AUTOGRAD_BP_PURE"},
            "PYTHONPATH": str(folder),
            **environment,
        },
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.fixture
def sources(tmp_path):
    """The package without anything compiled."""
    compiled = shutil.ignore_patterns("*.so", "*.pyd", "*.c", "__pycache__", "*.h", "data")
    shutil.copytree(PACKAGE, tmp_path / "autograd_bp", ignore=compiled)
    return tmp_path


def test_a_core_that_was_not_built_is_reported_with_what_is_missing(sources):
    told, warned = info(sources)
    assert told.startswith("pure Python | no compiled core was built")
    assert "reinstall" in told
    assert not warned


def test_a_core_that_the_environment_refuses_is_reported(sources):
    told, _ = info(sources, AUTOGRAD_BP_PURE="yes")
    assert told == "pure Python | AUTOGRAD_BP_PURE=yes is set in the environment\n"


def test_a_core_of_another_python_is_reported_with_both_names(sources):
    for name in core.COMPILED_MODULES:
        (sources / "autograd_bp" / f"{name}.cpython-35m-vax.so").touch()
    told, _ = info(sources)
    assert "built for another Python or system (cpython-35m-vax.so)" in told
    assert SUFFIX.lstrip(".") in told


def test_a_core_of_which_a_part_is_missing_is_reported_with_its_name(sources):
    for name in core.COMPILED_MODULES:
        if name != "value":
            (sources / "autograd_bp" / (name + SUFFIX)).touch()
    told, _ = info(sources)
    assert told.startswith("pure Python | the compiled core is not complete, value was not built")


def test_a_core_that_cannot_be_loaded_gives_way_and_its_error_is_reported(sources):
    for name in core.COMPILED_MODULES:
        (sources / "autograd_bp" / (name + SUFFIX)).write_bytes(b"not machine code")
    told, warned = info(
        sources, "x = bp.Value(3.0); y = bp.exp(x) * x; y.backward(); print(x.grad)"
    )
    assert told.startswith("pure Python | the compiled core is there and cannot be loaded, ImportE")
    assert "RuntimeWarning" in warned
    assert float(told.split()[-1]) == pytest.approx(80.342, abs=1e-3)


@pytest.mark.skipif(not core.is_native(), reason="the compiled core is not built here")
def test_a_core_that_fails_half_way_leaves_no_compiled_module_behind(sources):
    for file in core.compiled_files().values():
        shutil.copy(file, sources / "autograd_bp" / file.relative_to(PACKAGE))
    broken = sources / "autograd_bp" / ("functions" + SUFFIX)  # the last that is loaded
    broken.write_bytes(b"not machine code")
    told, _ = info(
        sources,
        "import sys\n"
        "print([m for m in sys.modules if m.startswith('autograd_bp')\n"
        "       and not str(sys.modules[m].__file__).endswith('.py')])\n"
        "x = bp.Value(2.0); bp.dot([x], [x]).backward(); print(x.grad)\n"
        "from autograd_bp import expressions, ieee754\n"
        "from autograd_bp.entry import Expression\n"
        "print(expressions.Expression is Expression, ieee754 is sys.modules[ieee754.__name__])\n"
        "print(bp.floor(bp.atan2(x, bp.remainder(2.0, 3.0))).data)",
    )
    assert told.startswith("pure Python | the compiled core is there and cannot be loaded")
    assert told.endswith("[]\n4.0\nTrue True\n0.0\n")
