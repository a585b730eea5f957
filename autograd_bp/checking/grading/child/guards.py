"""Restricts a student's file within Python, with errors that say so.

Python's audit events come before the system is asked. A determined program can get around them,
which is why `confinement` comes first where it exists.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

__all__ = ["Imports", "guard"]

_PROCESSES = (
    "os.fork",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "subprocess.",
    "pty.",
)
_NETWORK = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "poplib.", "imaplib.")
_CHANGES = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.chflags",
    "os.utime",
    "os.setxattr",
    "os.removexattr",
    "shutil.",
    "tempfile.",
    "sqlite3.",
)
_SIGNALS = ("os.kill", "os.killpg", "signal.pthread_kill")
_LISTS = ("os.listdir", "os.scandir", "os.walk", "glob.", "os.fwalk")
_INNER = ("ctypes.", "gc.get_", "sys._current_frames")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC


def guard(files: Sequence[str], listed: Sequence[str], is_confined: bool) -> None:
    """Refuse, from now on, to open other files than these, to write, and to
    reach processes and the network.

    Arguments:
        files: files and folders that may be read.
        listed: folders of which only the names inside may be listed.
        is_confined: whether the system refuses the same, so that inner parts of Python may be used.
    """
    roots = tuple(os.path.realpath(path) + os.sep for path in files)
    listable = {os.path.realpath(path) for path in listed}
    own = os.getpid()
    rules: list[tuple[tuple[str, ...], str]] = [
        (_PROCESSES, "start another process"),
        (_NETWORK, "use the network"),
        (_CHANGES, "create, change or remove files"),
    ]
    if not is_confined:
        rules.append((_INNER, "reach into Python itself"))

    def refuse(what: str) -> None:
        raise PermissionError(f"a graded solution may not {what}")

    def readable(path: Any) -> bool:
        if isinstance(path, int):
            return True
        full = os.path.realpath(os.fsdecode(path))
        return (full + os.sep).startswith(roots) or full == os.devnull

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITING and not isinstance(path, int):
                refuse("write files")
            if path is not None and not readable(path):
                refuse(f"read the file {os.fsdecode(path)!r:.80}")
        elif event in _LISTS:
            folder = (arguments and arguments[0]) or "."
            if not readable(folder) and os.path.realpath(os.fsdecode(folder)) not in listable:
                refuse("list that folder")
        elif event in _SIGNALS and arguments[0] != own:
            refuse("send signals to other processes")
        else:
            for prefixes, what in rules:
                if event.startswith(prefixes):
                    refuse(what)

    sys.addaudithook(hook)


class Imports:
    """A finder that refuses a student's file the libraries that the exercise does not name.

    Arguments:
        allowed: names of libraries.
        roots: the folders of libraries: what a library imports itself is not refused.
    """

    def __init__(self, allowed: Sequence[str], roots: Sequence[str]) -> None:
        self._allowed = frozenset(allowed) | sys.stdlib_module_names
        self._named = " and ".join(allowed) or "no other library"
        self._roots = tuple(root + os.sep for root in roots)
        self._file_of: Callable[[], str] = lambda: _importer(sys._getframe(3))

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """None, which leaves the search to others, or an ImportError."""
        top = name.partition(".")[0]
        if top in self._allowed or (self._file_of().startswith(self._roots) and self._roots):
            return
        raise ModuleNotFoundError(
            f"{top!r} cannot be imported here: a solution may use the standard library and "
            f"{self._named}",
            name=name,
        )


def _importer(frame: FrameType | None) -> str:
    """The file of the code that imports, without those of the import system."""
    while frame is not None and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    return "" if frame is None else frame.f_code.co_filename
