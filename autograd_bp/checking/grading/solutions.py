"""Students' files: which there are, what they are called, and their text."""

from __future__ import annotations

import io
import os
import stat
import tokenize
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograd_bp.errors import GradingError
from autograd_bp.notation.text import clean

__all__ = ["SolutionFile", "find_solutions"]

MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class SolutionFile:
    """One student's file.

    Attributes:
        name: of the student: that of the file, with its folder where several files have it.
        path: where it is.
    """

    name: str
    path: Path

    def source(self) -> tuple[str, str]:
        """Its text, and why there is none.

        It is opened once, and what was opened is looked at: a link to another file, which would
        show what that file contains, is not followed.
        """
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            handle = os.open(self.path, flags)
        except OSError as error:
            if self.path.is_symlink():
                return "", "the file is a symbolic link, which is not followed"
            return "", f"the file cannot be read: {error.strerror}"
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                return "", "it is no regular file"
            if status.st_size > MAX_BYTES:
                return "", f"the file is larger than {MAX_BYTES:,} bytes"
            raw = file.read(MAX_BYTES + 1)
        encoding = _encoding(raw)
        try:
            return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n"), ""
        except (UnicodeError, LookupError):
            as_said = encoding.removesuffix("-sig").upper()
            return "", f"the file is not encoded in {as_said}: save it as UTF-8"


def _encoding(raw: bytes) -> str:
    """The encoding that the file states in one of its first two lines, as Python reads it; UTF-8
    for an encoding that is not a plain character set."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    except SyntaxError:
        return "utf-8-sig"
    return encoding if encoding.startswith(_CHARACTER_SETS) else "utf-8-sig"


_CHARACTER_SETS = (
    *("utf-8", "ascii", "iso-8859-", "latin", "cp", "windows-", "koi8", "mac"),
    *("gb", "big5", "euc", "shift_jis"),
)


def find_solutions(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    reference: str | os.PathLike[str] | None = None,
) -> list[SolutionFile]:
    """The files of students, sorted by name.

    Arguments:
        paths: files, and folders, in which every file that ends in .py counts.
        reference: a file in these folders that is no solution.

    Raises: GradingError for a path that does not exist, a file that does not end in .py, and no
        files at all.
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    files: dict[Path, None] = {}
    for given in paths:
        path = Path(given)
        if path.is_dir():
            files |= dict.fromkeys(
                child
                for child in sorted(path.rglob("*.py"))
                if not child.is_dir() and not _is_hidden(child.relative_to(path))
            )
        elif not os.path.lexists(path):
            raise GradingError(f"there is no file {str(path)!r}: name the students' files")
        elif path.suffix != ".py":
            raise GradingError(f"a solution is a file that ends in .py, not {str(path)!r}")
        else:
            files[path] = None
    kept = [path for path in files if not _is_same(path, reference)]
    if not kept:
        raise GradingError("there are no solutions: name files that end in .py, or their folder")
    named = [SolutionFile(clean(name), path) for name, path in zip(_names(kept), kept, strict=True)]
    return sorted(named, key=lambda file: (file.name, str(file.path)))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def _is_same(path: Path, reference: str | os.PathLike[str] | None) -> bool:
    if reference is None or path.is_symlink():
        return False
    return os.path.realpath(path) == os.path.realpath(reference)


def _names(paths: list[Path]) -> list[str]:
    """The end of each path, as long as it needs to be for all names to be different."""
    wholes = [(*Path(os.path.abspath(path)).parent.parts, path.stem) for path in paths]
    length = 1
    names = ["/".join(whole[-length:]) for whole in wholes]
    while length < max(map(len, wholes)) and max(Counter(names).values()) > 1:
        length += 1
        names = ["/".join(whole[-length:]) for whole in wholes]
    if length > 1 and len({whole[-1] for whole in wholes}) == 1:
        shorter = ["/".join(whole[-length:-1]) for whole in wholes]  # ana/solution, ben/solution
        if max(Counter(shorter).values()) == 1:
            return shorter
    return names
