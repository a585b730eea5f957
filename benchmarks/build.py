"""C files of this folder, compiled when they are wanted."""

from __future__ import annotations

import ctypes
import importlib.machinery
import importlib.util
import subprocess
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).with_name("c")
COMMAND = ("cc", "-O3", "-shared", "-fPIC")


def library(name: str, flags: Sequence[str] = (), libraries: Sequence[str] = ()) -> ctypes.CDLL:
    """The compiled form of c/NAME.c, loaded; its file is gone again."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = Path(folder) / f"{name}.so"
        _compile(name, target, flags, libraries)
        return ctypes.CDLL(str(target))


def module(name: str) -> Any:
    """c/NAME.c as a module of Python's; needs Python's headers."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = Path(folder) / f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}"
        flags = ["-I" + sysconfig.get_paths()["include"]]
        if sysconfig.get_config_var("PYTHONFRAMEWORK"):  # macOS: symbols are those of the program
            flags += ["-undefined", "dynamic_lookup"]
        _compile(name, target, flags, ())
        loader = importlib.machinery.ExtensionFileLoader(name, str(target))
        spec = importlib.util.spec_from_loader(name, loader)
        assert spec is not None
        made = importlib.util.module_from_spec(spec)
        loader.exec_module(made)
        return made


def _compile(name: str, target: Path, flags: Sequence[str], libraries: Sequence[str]) -> None:
    subprocess.run(
        [*COMMAND, *flags, "-o", str(target), str(SOURCES / f"{name}.c"), *libraries, "-lm"],
        check=True,
        capture_output=True,
    )


def doubles(numbers: list[float]) -> ctypes.Array[ctypes.c_double]:
    """A C array of numbers."""
    return (ctypes.c_double * len(numbers))(*numbers)
