"""micrograd's names, at this library's speed: change `from micrograd.engine import Value` to
`from autograd_bp.compat.micrograd import Value`; or call `install()` and change nothing; or run
`python -m autograd_bp.compat.micrograd script.py`, which does both.

    >>> from autograd_bp.compat.micrograd import MLP, Value
    >>> x = Value(3.0)
    >>> y = x * x - 2 * x
    >>> y.backward()
    >>> x.grad
    4.0
"""

from __future__ import annotations

import sys
import warnings
from importlib.machinery import ModuleSpec
from types import ModuleType

from autograd_bp.compat.engine import Value
from autograd_bp.compat.lectures import build_topo, draw_dot, trace
from autograd_bp.compat.nn import MLP, Layer, Module, Neuron

__all__ = [
    "MLP",
    "Layer",
    "Module",
    "Neuron",
    "Value",
    "build_topo",
    "draw_dot",
    "install",
    "trace",
    "uninstall",
]


def install() -> None:
    """Let `import micrograd.engine` and `import micrograd.nn` find these classes from now on.

    A script needs not be edited then: call this before it runs. If the package micrograd has been
    imported already, a RuntimeWarning says so: what was imported from it stays as it is.

    Example:
        >>> from autograd_bp.compat import micrograd
        >>> micrograd.install()
        >>> from micrograd.engine import Value
        >>> Value is micrograd.Value
        True
        >>> micrograd.uninstall()
    """
    earlier = sys.modules.get("micrograd")
    if earlier is not None and not getattr(earlier, "installed_by_autograd_bp", False):
        warnings.warn(
            "the package micrograd has been imported already, and what was imported from it stays "
            "as it is: call install() first",
            RuntimeWarning,
            stacklevel=2,
        )
    uninstall()
    package = _module("micrograd", Value, Module, Neuron, Layer, MLP)
    package.__path__ = []
    vars(package)["installed_by_autograd_bp"] = True
    vars(package)["engine"] = _module("micrograd.engine", Value)
    vars(package)["nn"] = _module("micrograd.nn", Value, Module, Neuron, Layer, MLP)
    import random

    vars(package.nn)["random"] = random


def _module(name: str, *classes: type) -> ModuleType:
    """Make a module that has these classes, under a name that scripts import."""
    module = ModuleType(name, "micrograd's names, from autograd_bp.compat.micrograd")
    module.__spec__ = ModuleSpec(name, None, is_package=name == "micrograd")
    vars(module).update({cls.__name__: cls for cls in classes})
    sys.modules[name] = module
    return module


def uninstall() -> None:
    """Let `import micrograd.engine` find the package of that name again, where there is one."""
    installed = sys.modules.get("micrograd")
    if getattr(installed, "installed_by_autograd_bp", False):
        for name in ("micrograd", "micrograd.engine", "micrograd.nn"):
            sys.modules.pop(name, None)


if __name__ == "__main__":
    from autograd_bp.compat.running import main

    main(sys.argv[1:])
