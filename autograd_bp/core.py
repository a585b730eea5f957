"""Chooses the core: the engine's modules interpreted by Python, or compiled to native code.

The compiled modules lie beside their sources, and Python finds them first. If AUTOGRAD_BP_PURE=1
is in the environment, or if not all of them were built, this file loads the sources instead, and
the folder interpreted/ makes them quick. Both cores give the same numbers, bit for bit.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path

COMPILED_MODULES = ("ieee754", "entry", "primitives", "value", "backprop", "functions")
UNPACKING_SECONDS = 30.0  # an install may write a source after the module compiled from it


def pure_is_forced() -> bool:
    return os.environ.get("AUTOGRAD_BP_PURE", "") not in ("", "0")


def compiled_files() -> list[Path]:
    """The compiled modules that this Python would load; the native core needs all of them."""
    folder = Path(__file__).parent
    suffixes = importlib.machinery.EXTENSION_SUFFIXES
    files = (
        next((file for suffix in suffixes if (file := folder / (name + suffix)).exists()), None)
        for name in COMPILED_MODULES
    )
    return [file for file in files if file is not None]


def load_sources() -> None:
    """Import the modules that can be compiled from their .py files."""
    package = __name__.rpartition(".")[0]
    for name in COMPILED_MODULES:
        full = f"{package}.{name}"
        path = Path(__file__).with_name(f"{name}.py")
        spec = importlib.util.spec_from_file_location(full, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
        setattr(sys.modules[package], name, module)
    from autograd_bp.interpreted import install

    install.install()


def is_native() -> bool:
    """True when the compiled core is in use."""
    from autograd_bp import value

    return not str(value.__file__).endswith(".py")


def info() -> dict[str, str]:
    """What is installed and in use: versions, the core, the optional packages.

    Returns: a text for each name; `core` is "native" or "pure Python", and `core_reason` says why
        it is the latter, or that the former is out of date.
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
    if not is_native():
        facts["core_reason"] = (
            "AUTOGRAD_BP_PURE is set"
            if pure_is_forced()
            else "no compiled core was built: reinstall where a C compiler is"
        )
        from autograd_bp.interpreted import install

        if install.why_plain():
            facts["core_reason"] += f"; without its quick functions: {install.why_plain()}"
    elif any(
        file.stat().st_mtime + UNPACKING_SECONDS < (file.parent / f"{name}.py").stat().st_mtime
        for name, file in zip(COMPILED_MODULES, compiled_files(), strict=True)
    ):
        facts["core_reason"] = "older than its sources, which are not what runs: reinstall"
    for name in ("numpy", "matplotlib", "graphviz", "graphviz-pure", "llvmlite", "tqdm", "sympy"):
        facts[name] = next(
            (package.version for package in metadata.distributions(name=name)), "not installed"
        )
    return facts


if pure_is_forced() or len(compiled_files()) < len(COMPILED_MODULES):
    load_sources()
