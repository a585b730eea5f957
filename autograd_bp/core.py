"""Which core is in use: value.py and backprop.py as they stand, or compiled to native code.

The compiled modules lie beside their sources and are what Python finds first. With
AUTOGRAD_BP_PURE=1 in the environment the sources are loaded instead; both give the same
numbers, bit for bit.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

COMPILED_MODULES = ("primitives", "value", "backprop", "functions")


def pure_is_forced() -> bool:
    return os.environ.get("AUTOGRAD_BP_PURE", "") not in ("", "0")


def load_sources() -> None:
    """Import the modules that could be compiled from their .py files."""
    package = __name__.rpartition(".")[0]
    for name in COMPILED_MODULES:
        full = f"{package}.{name}"
        path = Path(__file__).with_name(f"{name}.py")
        spec = importlib.util.spec_from_file_location(full, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[full] = module
        spec.loader.exec_module(module)
        setattr(sys.modules[package], name, module)


def is_native() -> bool:
    """True when the compiled core is in use."""
    from autograd_bp import value

    return not str(value.__file__).endswith(".py")


def info() -> dict[str, str]:
    """What is installed and in use: versions, the core, the optional packages.

    Returns: names and what is there, as text; `core` is "native" or "pure Python", and where
        it is the latter `core_reason` says why.
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
            "AUTOGRAD_BP_PURE is set" if pure_is_forced()
            else "no compiled module was built: reinstall where a C compiler is"
        )
    for name in ("numpy", "matplotlib", "graphviz", "graphviz-pure", "tqdm"):
        try:
            facts[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            facts[name] = "not installed"
    return facts


if pure_is_forced():
    load_sources()
