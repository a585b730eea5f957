"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from autograd_bp.errors import OutputError

__all__ = ["folder_for_output", "write_atomically"]


def write_atomically(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write beside the target, then take its name: a reader never sees half a file, and when
    writing fails what was there stays.

    Raises: OutputError when the file cannot be written.
    """
    target = Path(path)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(
            prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent
        )
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _permissions(target))
        os.replace(temporary, target)
        temporary = ""
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        raise OutputError(
            f"cannot write {str(target)!r}: {_reason(error)}; what was there is untouched"
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
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


def _permissions(target: Path) -> int:
    """Those of the file that is replaced, or of any new file."""
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
