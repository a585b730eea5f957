"""Which core is loaded, and what `info` says where it is not the compiled one."""

import importlib.machinery
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograd_bp import built, core

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


needs_modules = pytest.mark.skipif(not core.is_native(), reason="no compiled core is built here")


@pytest.fixture
def checkout(tmp_path):
    """The package with its compiled modules, beside a setup.py: a checkout."""
    left_out = shutil.ignore_patterns("*.c", "__pycache__", "data")
    shutil.copytree(PACKAGE, tmp_path / "autograd_bp", ignore=left_out)
    (tmp_path / "setup.py").touch()
    return tmp_path


def edit(folder, name):
    """Change the text of a module, or of a header."""
    file = folder / "autograd_bp" / built.SOURCES.get(name, [name])[0]
    file.write_bytes(file.read_bytes() + b"\n")


@needs_modules
def test_every_extension_module_has_sources_that_are_there():
    assert {*core.COMPILED_MODULES} <= {*built.SOURCES}
    for name, patterns in built.SOURCES.items():
        assert all([*PACKAGE.glob(pattern)] for pattern in patterns), name
        assert not built.differs(name), f"{name} is stale: python setup.py build_ext --inplace"
    modules = {file.stem.partition(".")[0] for file in PACKAGE.rglob("*" + SUFFIX)}
    assert modules <= {name.rpartition("/")[2] for name in built.SOURCES}


@needs_modules
def test_the_modules_of_these_sources_are_loaded_in_a_checkout(checkout):
    told, warned = info(checkout, "print(bp.compiled(lambda x: x * x, reduce=None)(3.0))")
    assert told == "native | None\n9.0\n"
    assert not warned


@needs_modules
@pytest.mark.parametrize("name", [*core.COMPILED_MODULES, "native/nodes.h"])
def test_an_engine_of_other_sources_gives_way_to_the_sources(checkout, name):
    edit(checkout, name)
    told, warned = info(checkout, "print((bp.Value(3.0) * 2.0).data)")
    assert told.startswith("pure Python | the compiled core is there and cannot be loaded")
    assert "compiled from other sources" in told
    assert "setup.py build_ext" in told
    assert told.endswith("\n6.0\n")
    assert "RuntimeWarning" in warned
    edited, _ = info(checkout, AUTOGRAD_BP_PURE="1")
    assert "AUTOGRAD_BP_PURE" in edited


@needs_modules
def test_a_core_that_is_older_than_its_table_is_reported(checkout):
    """A change of the words of the table changes no kernel: the compiled core still runs."""
    edit(checkout, "table/gamma.py")
    told, warned = info(checkout)
    assert told.startswith("native | older than its sources (table/)")
    assert "setup.py build_ext" in told
    assert not warned


USES = {
    built.CALLER: "from autograd_bp.compiling.calling import caller\nprint(caller.IS_COMPILED)",
    built.TAPE: "from autograd_bp.compiling.backends import tape\nprint(not tape.unavailable())",
    built.WALKS: "from autograd_bp.compiling.program import native\nprint(bool(native.walks))",
}
AND_A_RESULT = "\nprint(bp.compiled(lambda x: x * x, reduce=None, backend='numpy')(3.0))"


@needs_modules
@pytest.mark.parametrize("name", USES)
def test_a_module_of_the_compiler_of_other_sources_gives_way_with_a_warning(checkout, name):
    told, _ = info(checkout, USES[name] + AND_A_RESULT)
    assert told.endswith("\nTrue\n9.0\n")
    edit(checkout, name)
    told, warned = info(checkout, USES[name] + AND_A_RESULT)
    assert told == "native | None\nFalse\n9.0\n"
    assert "RuntimeWarning" in warned
    assert f"{name} compiled from other sources" in warned
    assert "run `python setup.py build_ext --inplace`" in warned


@needs_modules
def test_a_tape_of_other_sources_is_refused_by_name(checkout):
    edit(checkout, built.TAPE)
    program = "try: bp.compiled(lambda x: x * x, backend='tape', reduce=None)(3.0)\n"
    told, _ = info(checkout, program + "except bp.errors.SettingError as error: print(error)")
    assert 'no backend "tape"' in told
    assert "compiled from other sources" in told


@needs_modules
def test_an_installed_package_does_not_look_at_its_sources(checkout):
    (checkout / "setup.py").unlink()
    edit(checkout, built.TAPE)
    told, warned = info(checkout, USES[built.TAPE])
    assert told.endswith("\nTrue\n")
    assert not warned


def test_line_ends_are_no_change_of_sources():
    assert built.fingerprint([b"a\r\nb"]) == built.fingerprint([b"a\nb"])
    assert built.fingerprint([b"a\nb"]) != built.fingerprint([b"a\nc"])
