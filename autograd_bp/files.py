"""Files that appear whole or not at all, and that never take the place of something else."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from autograd_bp.errors import OutputError, SettingError

__all__ = [
    "Reserve",
    "folder_for_output",
    "holds_another",
    "output_folder",
    "path_of",
    "remove_files",
    "remove_leftovers",
    "require_free",
    "write_atomically",
]

# The names under which a system offers streams that are open already.
_STREAM = re.compile(r"/(?:dev|proc/self)/fd/(\d+)|/dev/std(in|out|err)")
_STANDARD = {"in": 0, "out": 1, "err": 2}


def path_of(path: Any) -> Path:
    """The path of a file. Raises SettingError for what is neither a text nor a path object."""
    if not isinstance(path, (str, os.PathLike)):
        raise SettingError(f"path is a text or a pathlib.Path, got {path!r:.60}")
    return Path(path)


def write_atomically(path: str | os.PathLike[str], content: bytes | Iterable[bytes]) -> Path:
    """Write a file so that a reader never sees half of it, and so that a failure changes nothing.

    A regular file is written beside the target, and then takes its name, its permissions and,
    where that is allowed, its owner. A path that is not a regular file is never replaced: a device,
    a pipe or standard output is written into, and a symbolic link is followed. A file that has
    other names too (hard links) is overwritten in place, so that they stay names of one file.

    Arguments:
        path: the file.
        content: the bytes, or the parts of them, which are written as they come.

    Returns: the path as it was passed.

    Raises: OutputError when the file cannot be written; SettingError for what is no path.
    """
    target = path_of(path)
    try:
        stream = _open_stream(target)
        if stream is not None:
            sys.stdout.flush()
            _write_all(stream, content)
            return target
        actual = Path(os.path.realpath(target))
        known = _status(actual)
        if known is not None and not stat.S_ISREG(known.st_mode):
            if stat.S_ISDIR(known.st_mode):
                raise IsADirectoryError(0, "it is a folder")
            with open(actual, "wb", buffering=0) as file:
                _write_all(file.fileno(), content)
        elif known is not None and (known.st_nlink > 1 or not os.access(actual.parent, os.W_OK)):
            _overwrite(actual, content)
        else:
            _replace(actual, content, known)
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        raise OutputError(
            f"cannot write {str(target)!r}: {_reason(error)}; what was there is untouched"
        ) from error
    return target


def folder_for_output(path: str | os.PathLike[str]) -> Path:
    """The folder, made where it does not exist, and found to take files.

    Raises: OutputError when it cannot be made or written to.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".probe", dir=folder):
            pass
    except (OSError, ValueError) as error:
        raise OutputError(
            f"cannot write into the folder {str(folder)!r}: {_reason(error)}; choose another"
        ) from error
    return folder


@contextlib.contextmanager
def output_folder(
    chosen: str | os.PathLike[str] | None, default: str, names: Sequence[str], *, force: bool
) -> Iterator[tuple[Path, str]]:
    """A folder for results that replace no earlier ones. If it is new, and the block writes nothing
    into it, it is removed again.

    Arguments:
        chosen: the folder that somebody asked for.
        default: where nobody did; if it has results already, the next free name is taken.
        names: of the files that will be written.
        force: whether earlier results may be replaced.

    Returns: the folder, and a remark where it is not the expected one.

    Raises: OutputError when the chosen folder has such files, or cannot be written into.
    """
    path, remark = Path(default if chosen is None else chosen), ""
    first = next((path / name for name in names if _is_file(path / name)), None)
    if first is not None and not force:
        if chosen is not None:
            raise OutputError(
                f"{str(first)!r} exists already: choose another folder with --out, or let it be "
                "replaced with --force"
            )
        number = 2
        while os.path.lexists(f"{path}-{number}"):
            number += 1
        remark = f"{path} holds an earlier run: this one goes to {path}-{number}"
        path = Path(f"{path}-{number}")
    for name in names:
        remove_leftovers(path / name)
    new = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        yield folder_for_output(path), remark
    finally:
        with contextlib.suppress(OSError):  # one that has files now
            for folder in new:
                folder.rmdir()


class Reserve:
    """Room for a file that will be written later, in a block: a file without a name holds it.

    Arguments:
        folder: where.
        size: how many bytes.

    Raises: OutputError where there is less room. A system that cannot tell reserves nothing.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self._handle = _unnamed(folder) if hasattr(os, "posix_fallocate") else None
        if self._handle is None:
            return
        try:
            os.posix_fallocate(self._handle, 0, size)
        except OSError as error:
            self.free()
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise OutputError(
                    f"{str(folder)!r} has no {size:,} bytes left for the model: {_reason(error)}; "
                    "what was there is untouched: choose another folder, or make room"
                ) from error

    def free(self) -> None:
        """Let the file be written."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        self.free()


def require_free(path: str | os.PathLike[str], *, force: bool) -> None:
    """Raises OutputError where a regular file would be replaced. Devices and pipes are written
    into, which replaces nothing."""
    if not force and _is_file(Path(path)) and _open_stream(Path(path)) is None:
        raise OutputError(
            f"{str(path)!r} exists already: choose another name, or let it be replaced with --force"
        )


def holds_another(path: Path, content: bytes) -> bool:
    """Whether a regular file of that name has another content."""
    return _is_file(path) and path.read_bytes() != content


def remove_files(folder: Path, names: Sequence[str]) -> None:
    """Remove regular files, as far as they are there.

    Raises: OutputError where one cannot be removed.
    """
    for name in names:
        path = folder / name
        try:
            if _is_file(path) and not path.is_symlink():
                path.unlink()
        except OSError as error:
            raise OutputError(
                f"cannot replace {str(path)!r}: {_reason(error)}; choose another folder"
            ) from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _open_stream(target: Path) -> int | None:
    """The number of the open stream that a path such as /dev/stdout names; None for others."""
    match = _STREAM.fullmatch(os.path.abspath(target))
    if match is None or os.name != "posix":
        return None
    return int(match[1]) if match[1] else _STANDARD[match[2]]


def _write_all(stream: int, content: bytes | Iterable[bytes]) -> None:
    for part in [content] if isinstance(content, bytes) else content:
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(stream, rest) :]


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _overwrite(target: Path, content: bytes | Iterable[bytes]) -> None:
    """Write in place; what was there is written back when that fails."""
    before = target.read_bytes()
    with open(target, "r+b") as file:
        try:
            _fill(file.fileno(), content)
        except BaseException:
            _fill(file.fileno(), before)
            raise


def _fill(handle: int, content: bytes | Iterable[bytes]) -> None:
    os.lseek(handle, 0, os.SEEK_SET)
    _write_all(handle, content)
    os.ftruncate(handle, os.lseek(handle, 0, os.SEEK_CUR))
    os.fsync(handle)


def _replace(target: Path, content: bytes | Iterable[bytes], known: os.stat_result | None) -> None:
    """Write a new file and give it the name of the target."""
    handle, temporary = _unnamed(target.parent), ""
    try:
        if handle is None:
            handle, temporary = tempfile.mkstemp(
                prefix=f"{_prefix(target)}{os.getpid()}.", suffix=".part", dir=target.parent
            )
        _write_all(handle, content)
        os.fsync(handle)
        if known is not None and hasattr(os, "fchown"):
            with contextlib.suppress(OSError):  # only the owner of the system may give files away
                os.fchown(handle, known.st_uid, known.st_gid)
        _set_mode(handle, temporary, _mode(known))
        if not temporary:
            temporary = _named(handle, target)
        if os.name == "nt":
            os.close(handle)
            handle = -1
        os.replace(temporary, target)
        temporary = ""
    finally:
        if handle is not None and handle >= 0:
            os.close(handle)
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _unnamed(folder: Path) -> int | None:
    """A file without a name, which is gone when the process is killed; None where the system has
    no such files."""
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag or not Path("/proc/self/fd").is_dir():
        return None
    try:
        return os.open(folder, flag | os.O_WRONLY, 0o600)
    except OSError:
        return None  # a file system without them; a folder that takes no files is reported later


def _named(handle: int, target: Path) -> str:
    """A name for a file without one, beside the target, for the moment before it is renamed."""
    name = f"{_prefix(target)}{os.getpid()}.{os.urandom(8).hex()}.part"
    temporary = str(target.parent / name)
    # Only with a folder's handle, which an absolute path does not need, are links followed.
    os.link(f"/proc/self/fd/{handle}", temporary, src_dir_fd=handle, follow_symlinks=True)
    return temporary


def _prefix(target: Path) -> str:
    """How the names begin that files have for the moment before they are renamed."""
    return f".{target.name[:40]}."


def remove_leftovers(path: str | os.PathLike[str]) -> None:
    """Remove what a process left that was killed in the moment between two names of a file."""
    target = Path(os.path.realpath(path))
    with contextlib.suppress(OSError, ValueError):
        for entry in os.scandir(target.parent):
            if not entry.name.startswith(_prefix(target)) or not entry.name.endswith(".part"):
                continue
            number = entry.name.removeprefix(_prefix(target)).partition(".")[0]
            if number.isdecimal() and not _is_running(int(number)):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def _is_running(number: int) -> bool:
    """Whether there is a process with that number; where the system cannot tell, there is."""
    if os.name != "posix":
        return True
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        pass
    return True


def _set_mode(handle: int, temporary: str, mode: int) -> None:
    if hasattr(os, "fchmod"):
        os.fchmod(handle, mode)
    else:
        os.chmod(temporary, mode)


def _mode(known: os.stat_result | None) -> int:
    """The permissions of the file that is replaced, or of any new file."""
    if known is not None:
        return stat.S_IMODE(known.st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
