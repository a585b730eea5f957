"""The cache on disk: what took long to compile, for the next process that needs the same.

An entry is a file named by the hash of everything that it was made from, so it is never out of
date, only unused. Processes never wait for each other: a file appears whole, by renaming, and an
entry that is missing, damaged or locked is made again.

`AUTOGRAD_BP_CACHE` names another folder, or is `off`. `AUTOGRAD_BP_CACHE_MIB` bounds the size of
all entries, 256 MiB when it is not set; those that were not used for the longest time go first.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from autograd_bp.version import __version__

__all__ = ["Contents", "clear", "contents", "folder", "load", "material", "store"]

HEADER = b"autograd_bp cache 1\n"
ENDING, UNFINISHED = ".entry", ".unfinished"
MIB = 2**20
MAX_MIB = 256  # where the user names no other bound
MAX_UNFINISHED_SECONDS = 3600.0  # after them, no process will finish the file
OFF = ("0", "off", "no", "false")

log = logging.getLogger(__name__)


class Contents(NamedTuple):
    """The contents of the cache: its folder, None when it is off, and the number and size of
    entries."""

    folder: Path | None
    entries: int
    size: int

    def __str__(self) -> str:
        if self.folder is None:
            return "off"
        return f"{self.folder} ({self.entries} programs, {self.size / MIB:.1f} MiB)"


def material(*parts: bytes | str) -> bytes:
    """The parts as one: no other parts give the same bytes."""
    encoded = [part.encode() if isinstance(part, str) else bytes(part) for part in parts]
    return b"".join(b"%d:%b" % (len(part), part) for part in encoded)


def load(key: bytes) -> bytes | None:
    """Return what `store` kept for this key; None where there is nothing, or it is damaged.

    Arguments:
        key: all that the entry was made from, see `material`. The version of this library and
            the kind of machine are part of every key.
    """
    place = folder()
    if place is None or not _is_own(place):
        return None
    digest = _digest(key)
    path = place / (digest.hex() + ENDING)
    try:
        content = path.read_bytes()
    except OSError:
        return None
    start = len(HEADER) + hashlib.sha256().digest_size
    payload = content[start:]
    if content[:start] != HEADER + _checksum(digest, payload):
        log.debug("removed a damaged entry: %s", path)
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # it was used: others go first
    return payload


def store(key: bytes, payload: bytes) -> bool:
    """Keep a payload for this key. Returns: whether it was kept; a cache may refuse anything."""
    place, limit = folder(), _limit()
    if place is None or len(payload) > limit:
        return False
    digest = _digest(key)
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_own(place):
            return False
        handle, unfinished = tempfile.mkstemp(UNFINISHED, dir=place)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(HEADER + _checksum(digest, payload) + payload)
            os.replace(unfinished, place / (digest.hex() + ENDING))
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(unfinished)
            raise
    except OSError as error:
        log.debug("nothing was kept in %s: %s", place, error)
        return False
    _make_room(place, limit, len(payload))
    return True


def clear() -> int:
    """Remove every entry. Returns: how many there were."""
    place, removed = folder(), 0
    for path, _ in _files(place, ENDING):
        with contextlib.suppress(OSError):
            path.unlink()
            removed += 1
    return removed


def contents() -> Contents:
    """Count the entries of the cache now."""
    place = folder()
    sizes = [status.st_size for _, status in _files(place, ENDING)]
    return Contents(place, len(sizes), sum(sizes))


def folder() -> Path | None:
    """Where the cache is, or would be; None when it is off."""
    chosen = os.environ.get("AUTOGRAD_BP_CACHE", "").strip()
    if chosen:
        return None if chosen.lower() in OFF else Path(chosen).expanduser()
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local") / "autograd_bp/Cache"
    if sys.platform == "darwin":
        return home / "Library/Caches/autograd_bp"
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if os.path.isabs(named) else home / ".cache") / "autograd_bp"


def _limit() -> float:
    """How many bytes all entries may have together."""
    with contextlib.suppress(ValueError):
        chosen = float(os.environ.get("AUTOGRAD_BP_CACHE_MIB", ""))
        if chosen >= 0.0:
            return chosen * MIB
    return MAX_MIB * MIB


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(
        material(__version__, sys.platform, platform.machine(), bytes(key))
    ).digest()


def _checksum(digest: bytes, payload: bytes) -> bytes:
    return hashlib.sha256(digest + payload).digest()


def _is_own(place: Path) -> bool:
    """Whether no other user can have put code there, which would run here."""
    if not hasattr(os, "geteuid"):
        return True
    try:
        status = place.stat()
    except OSError:
        return False
    return status.st_uid == os.geteuid() and not status.st_mode & 0o002


def _files(place: Path | None, ending: str) -> Iterator[tuple[Path, os.stat_result]]:
    if place is None:
        return
    try:
        entries = os.scandir(place)
    except OSError:
        return
    with entries:
        for entry in entries:
            if entry.name.endswith(ending):
                with contextlib.suppress(OSError):  # another process removed it
                    yield place / entry.name, entry.stat(follow_symlinks=False)


def _make_room(place: Path, limit: float, size: int) -> None:
    """See to it that entries fit, now that one of this size was added. A folder may have thousands
    of them: it is looked at again when an eighth of the room that there was has been filled."""
    left = _room.get((place, limit), -1.0) - size
    if left < 0.0:
        left = (limit - _shrink(place, limit)) / 8
    _room[place, limit] = left


_room: dict[tuple[Path, float], float] = {}  # of each folder, until it is looked at again


def _shrink(place: Path, limit: float) -> int:
    """Remove the entries that were not used for the longest time, until the others fit. Returns:
    how many bytes there are."""
    entries = sorted(_files(place, ENDING), key=lambda entry: entry[1].st_mtime_ns)
    total = sum(status.st_size for _, status in entries)
    for path, status in entries:
        if total <= limit:
            break
        total -= status.st_size
        with contextlib.suppress(OSError):
            path.unlink()
    for path, status in _files(place, UNFINISHED):
        if status.st_mtime < time.time() - MAX_UNFINISHED_SECONDS:
            with contextlib.suppress(OSError):
                path.unlink()
    return total
