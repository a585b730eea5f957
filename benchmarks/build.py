"""C files of this folder, compiled when they are wanted: `cc -O3`, nothing else."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from pathlib import Path

SOURCES = Path(__file__).with_name("c")
COMMAND = ("cc", "-O3", "-shared", "-fPIC")


def library(name: str) -> ctypes.CDLL:
    """The compiled form of c/NAME.c, loaded; its file is gone again."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = Path(folder) / f"{name}.so"
        subprocess.run(
            [*COMMAND, "-o", str(target), str(SOURCES / f"{name}.c"), "-lm"],
            check=True, capture_output=True,
        )
        return ctypes.CDLL(str(target))


def doubles(numbers: list[float]) -> ctypes.Array[ctypes.c_double]:
    """A C array of numbers."""
    return (ctypes.c_double * len(numbers))(*numbers)
