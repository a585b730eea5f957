"""Chooses the core: the engine's modules interpreted by Python, or compiled to native code.

The compiled modules lie beside their sources. If AUTOGRAD_BP_PURE=1 is in the environment, if not
all of them were built, or if they cannot be loaded, this file loads the sources instead, which the
folder interpreted/ makes quick, and `info` says why. Both cores give the same numbers, bit for bit.

The table of primitives is never compiled: the compiled core has its expressions as kernels (in
native/kernels.h), and its rules are as quick on Values as they stand.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path

from autograd_bp import built
from autograd_bp.built import COMPILED_MODULES, pure_is_forced

# The files of the table of primitives. The entries have their codes in the order of this list.
TABLE_FILES = (
    "arithmetic",
    "elementary",
    "neurons",
    "choices",
    "lists",
    "logic",
    "integers",
    "compositions",
    "gamma",
    "normal",
    "bessel",
    "incomplete",
    "tails",
    "shares",
    "slopes",
    "limits",
)
TABLE_MODULES = (
    "table/gaps",
    "table/making",
    *(f"table/{name}" for name in TABLE_FILES),
    "primitives",
)
# In the order in which they are loaded.
MODULES = (*COMPILED_MODULES[:3], *TABLE_MODULES, *COMPILED_MODULES[3:])
COMPILERS = ("cc", "gcc", "clang", "cl")
_PACKAGE = __name__.rpartition(".")[0]
FOLDER = Path(__file__).parent

_failure = ""  # why the compiled modules, which are there, cannot be loaded


def compiled_files() -> dict[str, Path]:
    """The compiled modules that this Python would load; the native core needs all of them."""
    suffixes = importlib.machinery.EXTENSION_SUFFIXES
    return {
        name: file
        for name in COMPILED_MODULES
        for suffix in reversed(suffixes)
        if (file := FOLDER / (name + suffix)).exists()
    }


def load() -> None:
    """Import the modules that can be compiled: compiled where that works, else as sources."""
    global _failure
    if pure_is_forced() or len(compiled_files()) < len(COMPILED_MODULES):
        load_sources()
        return
    before = {*sys.modules}
    try:
        if other := built.stale(COMPILED_MODULES):
            raise ImportError(other)
        for name in MODULES:
            if name in COMPILED_MODULES:
                importlib.import_module(_module_name(name))
            else:  # whatever an earlier version has compiled
                _load_source(name)
    except (ImportError, TypeError, ValueError, AttributeError) as error:
        # Modules that were built for another Python, another system or another table.
        _failure = f"{type(error).__name__}: {error}"
        for name in [*sys.modules]:
            if name.startswith(f"{_PACKAGE}.") and name not in before:
                _forget(name)
        load_sources()
        import warnings

        warnings.warn(
            f"the compiled core of {_PACKAGE} cannot be loaded ({_failure}). The interpreted core "
            "runs instead: it gives the same numbers, slowly. Build it again, or set "
            "AUTOGRAD_BP_PURE=1 to use the interpreted core without this warning",
            RuntimeWarning,
            stacklevel=2,
        )


def _module_name(path: str) -> str:
    return f"{_PACKAGE}.{path.replace('/', '.')}"


def _forget(name: str) -> None:
    """Take a module back, and the attribute of its package that `from package import` reads."""
    del sys.modules[name]
    package, _, attribute = name.rpartition(".")
    if package in sys.modules:
        vars(sys.modules[package]).pop(attribute, None)


def load_sources() -> None:
    """Import the engine's modules from their .py files."""
    for name in MODULES:
        _load_source(name)
    from autograd_bp.interpreted import install

    install.install()


def _load_source(name: str) -> None:
    full = _module_name(name)
    spec = importlib.util.spec_from_file_location(full, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    spec.loader.exec_module(module)
    package, _, own_name = full.rpartition(".")
    setattr(importlib.import_module(package), own_name, module)


def is_native() -> bool:
    """True when the compiled core is in use."""
    from autograd_bp import value

    return not str(value.__file__).endswith(".py")


def reason() -> str:
    """Why the compiled core is not in use, or is not the one of these sources; "" where it is."""
    if is_native():
        old = outdated()
        return (
            f"older than its sources ({', '.join(old)}), which are not what runs: reinstall, or "
            "run `python setup.py build_ext --inplace` in a checkout"
            if old
            else ""
        )
    from autograd_bp.interpreted import install

    plain = install.why_plain()
    return _why_interpreted() + (f"; it runs without its quick functions: {plain}" if plain else "")


def _why_interpreted() -> str:
    if pure_is_forced():
        return f"AUTOGRAD_BP_PURE={os.environ['AUTOGRAD_BP_PURE']} is set in the environment"
    if _failure:
        return f"the compiled core is there and cannot be loaded, {_failure}"
    return missing()


def outdated() -> list[str]:
    """The sources that were edited since the compiled core was built."""
    edited = [f"{name}.py" for name in COMPILED_MODULES if built.differs(name)]
    # The kernels of value are printed from the table.
    return edited + (["table/"] if built.differs("value", built.table_mark()) else [])


def missing() -> str:
    """Say what is missing of the compiled core: a part, all of it, or the build for this Python."""
    import shutil
    import sysconfig

    files = compiled_files()
    if files:
        names = ", ".join(name for name in COMPILED_MODULES if name not in files)
        return f"the compiled core is not complete, {names} was not built: reinstall"
    others = sorted(
        {
            file.name.partition(".")[2]
            for name in COMPILED_MODULES
            for pattern in (".*.so", ".*.pyd")
            for file in FOLDER.glob(name + pattern)
        }
    )
    if others:
        here = importlib.machinery.EXTENSION_SUFFIXES[0].lstrip(".")
        return (
            f"the compiled core was built for another Python or system ({', '.join(others)}), and "
            f"this one loads {here}: reinstall with this Python"
        )
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return (
            "there is no compiled core for a free-threaded Python, as nodes have no locks; "
            "the sources run: for the compiled core take the usual build of Python"
        )
    compiler = any(shutil.which(name) for name in COMPILERS)
    return "no compiled core was built: " + (
        "the install found no C compiler or no Cython, or it failed to compile; reinstall and "
        "read the messages of `pip install -v`"
        if compiler
        else f"there is no C compiler here ({', '.join(COMPILERS)}); install one, then reinstall"
    )


def info() -> dict[str, str]:
    """The installation and what it uses: versions, the core, the optional packages.

    Returns: a text for each name. `core` is "native" or "pure Python"; `core_reason` says why it
        is the latter (the environment asks for it; it was not built, or for another Python; the
        ImportError), or that the former is older than its sources.

    Example:
        >>> import autograd_bp as bp
        >>> bp.info()["core"] in ("native", "pure Python")
        True
    """
    import platform
    from importlib import metadata

    from autograd_bp.version import __version__

    facts = {
        "autograd_bp": __version__,
        "core": "native" if is_native() else "pure Python",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
    }
    if why := reason():
        facts["core_reason"] = why
    for name in ("numpy", "matplotlib", "graphviz", "graphviz-pure", "llvmlite", "tqdm", "sympy"):
        facts[name] = next(
            (package.version for package in metadata.distributions(name=name)), "not installed"
        )
    return facts


load()
