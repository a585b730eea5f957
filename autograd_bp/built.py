"""Which modules are compiled, from which sources, and whether they still are what these say.

setup.py compiles the modules, and writes into each the fingerprint of its sources. In a checkout
sources change, and a module that was compiled from earlier ones may read nodes or arrays by another
layout, and crash. So there `stale` compares the two before a module is loaded. setup.py runs this
file too, so it imports nothing of the package.
"""

from __future__ import annotations

import importlib.machinery
import mmap
import os
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent
COMPILED_MODULES = (
    *("ieee754", "operands", "entry"),
    *("value", "backprop", "listwise/folds", "listwise/shares", "functions"),
)
"""Those of the engine, which are loaded together or not at all, in the order of loading."""
CALLER = "compiling/calling/_caller"
TAPE = "compiling/backends/tape/_interpreter"
WALKS = "compiling/program/_walks"
_NODES = ("*.pxd", "native/*.pxd", "native/*.h")
_LISTWISE = ("listwise/*.pxd", *_NODES)
SOURCES = {
    # Those that take longest to compile come first, so that compilers side by side end together.
    TAPE: (f"{TAPE}.pyx", "compiling/backends/tape/*.h"),
    WALKS: (f"{WALKS}.pyx", *(f"compiling/program/walks/*.{end}" for end in ("h", "pxi")), *_NODES),
    **{name: (f"{name}.py", *_NODES) for name in ("value", "entry", "functions", "backprop")},
    **{name: (f"{name}.py", *_LISTWISE) for name in ("listwise/folds", "listwise/shares")},
    "ieee754": ("ieee754.py",),
    CALLER: (f"{CALLER}.pyx", "compiling/calling/*.pxi"),
    "operands": ("operands.py",),
}
"""The files from which each module is compiled; the first is the one that Cython translates."""
TABLE = ("table/*.py", "primitives.py")
"""The table of primitives. It is printed into native/kernels.h, and a change of its words changes
no kernel: a module that is older than the table is not refused, and bp.info() says that it is."""
MARK = b"autograd_bp: compiled from "  # what the fingerprint in a module begins with
TABLE_MARK = b"autograd_bp: table "
PRIME = 2**61 - 1


def fingerprint(texts: Iterable[bytes]) -> str:
    """A text that is another one when the sources change; line ends do not count."""
    whole = b"".join(texts).replace(b"\r\n", b"\n")
    # A checksum that needs no import: the bytes as one number, modulo a prime.
    return f"{len(whole)}-{int.from_bytes(whole, 'big') % PRIME:x}"


def sources(name: str) -> list[Path]:
    """The files that a module is compiled from."""
    return _files(SOURCES[name])


def mark(name: str) -> bytes:
    """What a module that is compiled from the present sources contains."""
    return _mark(MARK, SOURCES[name])


def table_mark() -> bytes:
    """What a module that is compiled while the table is the present one contains."""
    return _mark(TABLE_MARK, TABLE)


def _files(patterns: Iterable[str]) -> list[Path]:
    return [file for pattern in patterns for file in sorted(FOLDER.glob(pattern))]


def _mark(begin: bytes, patterns: Iterable[str]) -> bytes:
    return begin + fingerprint(file.read_bytes() for file in _files(patterns)).encode() + b";"


def file_of(name: str) -> Path | None:
    """The compiled module that this Python would load; None where there is none."""
    files = (FOLDER / (name + suffix) for suffix in importlib.machinery.EXTENSION_SUFFIXES)
    return next((file for file in files if file.exists()), None)


def is_checkout() -> bool:
    """Whether the package is in a checkout; an install has modules and sources of one make."""
    return (FOLDER.parent / "setup.py").exists()


def differs(name: str, wanted: bytes = b"") -> bool:
    """Whether there is a compiled module without this mark: it was made from other sources."""
    file = file_of(name)
    if file is None or not file.stat().st_size:
        return False
    try:
        with (
            file.open("rb") as opened,
            mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            return content.find(wanted or mark(name)) < 0
    except OSError:  # what cannot be read cannot be loaded either, which says why
        return False


def stale(names: Iterable[str]) -> str:
    """Which of the modules must not be loaded, why, and what to do; "" where all may be."""
    others = [name for name in names if differs(name)] if is_checkout() else []
    if not others:
        return ""
    return (
        f"{', '.join(others)} compiled from other sources than those of this checkout: run "
        "`python setup.py build_ext --inplace`"
    )


def pure_is_forced() -> bool:
    return os.environ.get("AUTOGRAD_BP_PURE", "") not in ("", "0")


def check(name: str) -> None:
    """Refuse a compiled module that has a Python function for everything it does.

    Raises: ImportError where it was compiled from other sources, with a RuntimeWarning unless the
        environment asks for the interpreted core.
    """
    reason = stale([name])
    if not reason:
        return
    if not pure_is_forced():
        import warnings

        warnings.warn(
            f"a compiled module cannot be loaded ({reason}). What runs instead is slower",
            RuntimeWarning,
            stacklevel=2,
        )
    raise ImportError(reason)
