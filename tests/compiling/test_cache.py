"""The cache on disk: what it keeps, what it forgets, and what it survives."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograd_bp.compiling.calling import cache


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("AUTOGRAD_BP_CACHE", str(folder))
    monkeypatch.delenv("AUTOGRAD_BP_CACHE_MIB", raising=False)
    return folder


def entry(place):
    (found,) = place.glob("*.entry")
    return found


def test_what_was_stored_is_found_again():
    assert cache.load(b"key") is None
    assert cache.store(b"key", b"object code")
    assert cache.load(b"key") == b"object code"
    assert cache.load(b"another") is None
    cache.store(b"empty", b"")
    assert cache.load(b"empty") == b""


def test_storing_again_replaces():
    cache.store(b"key", b"old")
    cache.store(b"key", b"new")
    assert cache.load(b"key") == b"new"
    assert cache.contents().entries == 1


def test_the_parts_of_a_key_are_kept_apart():
    assert cache.material("ab", b"c") != cache.material("a", b"bc")
    assert cache.material("1:a") != cache.material("1", "a")
    assert cache.material("γ") == cache.material("γ".encode())


def test_another_version_of_the_library_finds_nothing(monkeypatch):
    cache.store(b"key", b"object code")
    monkeypatch.setattr(cache, "__version__", "0.0.0.other")
    assert cache.load(b"key") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: b"",
        lambda content: content[:10],
        lambda content: b"\0" * len(content),
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: content[:30] + bytes([content[30] ^ 1]) + content[31:],
    ],
    ids=["short", "long", "empty", "head only", "zeros", "a bit", "a bit of the sum"],
)
def test_a_damaged_entry_is_removed_and_made_again(place, damage):
    cache.store(b"key", b"object code")
    path = entry(place)
    path.write_bytes(damage(path.read_bytes()))
    assert cache.load(b"key") is None
    assert not path.exists()
    assert cache.store(b"key", b"object code")
    assert cache.load(b"key") == b"object code"


def test_an_entry_under_the_name_of_another_is_damaged(place):
    cache.store(b"one", b"object code")
    first = entry(place)
    cache.store(b"two", b"other code")
    (second,) = (path for path in place.glob("*.entry") if path != first)
    first.replace(second)
    assert cache.load(b"two") is None


def test_the_least_recently_used_go_when_it_is_full(place, monkeypatch):
    monkeypatch.setenv("AUTOGRAD_BP_CACHE_MIB", str(3500 / cache.MIB))
    for k in range(3):
        cache.store(b"%d" % k, bytes(1000))
        for path in place.glob("*.entry"):  # as if it were a minute later
            found = path.stat()
            os.utime(path, (found.st_atime - 60, found.st_mtime - 60))
    assert cache.load(b"0") is not None  # used: now 1 is the oldest
    cache.store(b"3", bytes(1000))
    assert [cache.load(b"%d" % k) is not None for k in range(4)] == [True, False, True, True]
    assert cache.contents().size <= 3500


@pytest.mark.parametrize(("limit", "kept"), [("0", False), ("1", True), ("?", True), ("-1", True)])
def test_what_is_larger_than_the_bound_is_not_kept(monkeypatch, limit, kept):
    monkeypatch.setenv("AUTOGRAD_BP_CACHE_MIB", limit)
    assert cache.store(b"key", bytes(1000)) is kept


@pytest.mark.parametrize("off", ["off", "0", "OFF", "no"])
def test_it_can_be_switched_off(tmp_path, monkeypatch, off):
    monkeypatch.setenv("AUTOGRAD_BP_CACHE", off)
    monkeypatch.chdir(tmp_path)
    assert not cache.store(b"key", b"object code")
    assert cache.load(b"key") is None
    assert str(cache.contents()) == "off"
    assert cache.clear() == 0
    assert not [*tmp_path.iterdir()]


def test_clearing_removes_entries_and_nothing_else(place):
    cache.store(b"one", b"1")
    cache.store(b"two", b"2")
    (place / "notes.txt").write_text("mine")
    assert cache.clear() == 2
    assert [path.name for path in place.iterdir()] == ["notes.txt"]
    assert cache.contents() == (place, 0, 0)


def test_the_contents_say_where_how_many_and_how_large(place):
    assert str(cache.contents()) == f"{place} (0 programs, 0.0 MiB)"
    cache.store(b"key", bytes(2_000_000))
    assert str(cache.contents()) == f"{place} (1 programs, 1.9 MiB)"


def test_a_folder_that_cannot_be_written_is_done_without(place):
    place.parent.joinpath("cache").write_text("a file, no folder")
    assert not cache.store(b"key", b"object code")
    assert cache.load(b"key") is None
    assert cache.contents().entries == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_read_only_folder_still_gives_what_it_has(place):
    cache.store(b"key", b"object code")
    place.chmod(0o500)
    try:
        assert not cache.store(b"another", b"object code")
        assert cache.load(b"key") == b"object code"
    finally:
        place.chmod(0o700)


def test_a_disk_that_is_full_leaves_nothing_behind(place, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.os, "replace", refuse)
    assert not cache.store(b"key", b"object code")
    assert not [*place.iterdir()]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are POSIX's")
def test_a_folder_that_others_write_is_not_trusted(place):
    cache.store(b"key", b"object code")
    place.chmod(0o777)
    assert cache.load(b"key") is None
    assert not cache.store(b"key", b"object code")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions are POSIX's")
def test_a_new_folder_is_of_the_user_alone(place):
    cache.store(b"key", b"object code")
    assert place.stat().st_mode & 0o777 == 0o700


def test_what_others_left_unfinished_is_removed_after_an_hour(place):
    place.mkdir(mode=0o700)
    old, new = place / "a.unfinished", place / "b.unfinished"
    for path in (old, new):
        path.write_bytes(b"half")
    long_ago = time.time() - 2 * cache.MAX_UNFINISHED_SECONDS
    os.utime(old, (long_ago, long_ago))
    cache.store(b"key", b"1")
    assert not old.exists()
    assert new.exists()


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux", "/x/autograd_bp"),
        ("darwin", "Library/Caches/autograd_bp"),
        ("win32", "local/autograd_bp/Cache"),
    ],
)
def test_the_folder_is_where_the_platform_keeps_caches(monkeypatch, platform, expected):
    monkeypatch.delenv("AUTOGRAD_BP_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    monkeypatch.setenv("LOCALAPPDATA", "local")
    monkeypatch.setattr(cache.sys, "platform", platform)
    assert cache.folder().as_posix().endswith(expected)


WORK = """
import random, sys
from autograd_bp.compiling import cache
random.seed(int(sys.argv[1]))
for _ in range(300):
    k = random.randrange(6)
    found = cache.load(b"%d" % k)
    assert found is None or found == b"%d" % k * (20_000 + k), (k, found[:9])
    cache.store(b"%d" % k, b"%d" % k * (20_000 + k))
    if random.random() < 0.02:
        cache.clear()
"""


def test_processes_share_it_without_waiting_and_without_damage(place, monkeypatch):
    monkeypatch.setenv("AUTOGRAD_BP_CACHE_MIB", "0.08")  # room for four of the six
    root = str(Path(cache.__file__).parents[3])
    monkeypatch.setenv("PYTHONPATH", root + os.pathsep + os.environ.get("PYTHONPATH", ""))
    workers = [
        subprocess.Popen([sys.executable, "-c", WORK, str(seed)], stderr=subprocess.PIPE)
        for seed in range(3)
    ]
    for worker in workers:
        assert worker.communicate(timeout=100)[1] == b""
        assert worker.returncode == 0
    assert not [path for path in place.iterdir() if path.suffix != ".entry"]


def test_threads_share_it_too():
    found = []

    def work():
        for k in range(50):
            cache.store(b"%d" % (k % 3), b"x" * 1000)
            found.append(cache.load(b"%d" % (k % 3)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"x" * 1000] * 200
