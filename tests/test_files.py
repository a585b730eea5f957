"""Writing never takes the place of what is not a regular file, and leaves nothing behind."""

import os
import stat
import subprocess
import sys
import threading

import pytest

from autograd_bp import files
from autograd_bp.errors import OutputError
from autograd_bp.files import remove_leftovers, write_atomically

posix_only = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")


@pytest.fixture(params=["unnamed", "named"])
def folder(request, tmp_path, monkeypatch):
    """A folder on a system that has files without names, and on one that has none."""
    if request.param == "named":
        monkeypatch.setattr(files, "_unnamed", lambda folder: None)
    return tmp_path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_has_the_permissions_that_open_gives(folder):
    (folder / "usual").write_bytes(b"")
    target = write_atomically(folder / "new", b"content")
    assert target.read_bytes() == b"content"
    assert target.stat().st_mode == (folder / "usual").stat().st_mode
    assert names(folder) == ["new", "usual"]


@posix_only
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_a_file_that_is_replaced_keeps_its_permissions(folder, mode):
    target = folder / "file"
    target.write_bytes(b"old and longer")
    target.chmod(mode)
    write_atomically(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert names(folder) == ["file"]


@posix_only
def test_a_symbolic_link_is_followed(folder):
    (folder / "real").write_bytes(b"old")
    (folder / "link").symlink_to("real")
    (folder / "dangling").symlink_to("made")
    write_atomically(folder / "link", b"new")
    write_atomically(folder / "dangling", b"first")
    assert (folder / "link").is_symlink()
    assert (folder / "real").read_bytes() == b"new"
    assert (folder / "dangling").is_symlink()
    assert (folder / "made").read_bytes() == b"first"


@posix_only
def test_hard_links_stay_names_of_one_file(folder):
    (folder / "one").write_bytes(b"old and longer")
    os.link(folder / "one", folder / "two")
    write_atomically(folder / "one", b"new")
    assert (folder / "two").read_bytes() == b"new"
    assert (folder / "one").samefile(folder / "two")
    assert names(folder) == ["one", "two"]


@posix_only
def test_a_failure_in_place_restores_what_was_there(folder, monkeypatch):
    (folder / "one").write_bytes(b"old and longer")
    os.link(folder / "one", folder / "two")
    written = files._write_all

    def broken(stream, content):
        if bytes(content) == b"new":
            written(stream, b"n")
            raise OSError(28, "No space left on device")
        written(stream, content)

    monkeypatch.setattr(files, "_write_all", broken)
    with pytest.raises(OutputError, match="No space left on device; what was there is untouched"):
        write_atomically(folder / "one", b"new")
    assert (folder / "two").read_bytes() == b"old and longer"


@posix_only
def test_a_pipe_is_written_into(folder):
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    received = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    write_atomically(pipe, b"through the pipe")
    reader.join()
    assert received == [b"through the pipe"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@posix_only
def test_a_device_stays_a_device(folder):
    device = folder / "null"
    device.symlink_to("/dev/null")
    write_atomically(device, b"into nothing")
    write_atomically("/dev/null", b"into nothing")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert names(folder) == ["null"]


@posix_only
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
def test_standard_output_is_written_into_whatever_it_is(tmp_path, name):
    program = (
        "from autograd_bp.files import write_atomically\n"
        f"print('before'); write_atomically({name!r}, b'written\\n'); print('after')"
    )
    piped = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    with open(tmp_path / "file", "wb") as file:
        subprocess.run([sys.executable, "-c", program], stdout=file, check=True)
    assert piped.stdout == (tmp_path / "file").read_bytes() == b"before\nwritten\nafter\n"


def test_a_folder_and_a_missing_folder_are_refused(folder):
    with pytest.raises(OutputError, match="cannot write"):
        write_atomically(folder, b"content")
    with pytest.raises(OutputError, match=r"cannot write.*No such file"):
        write_atomically(folder / "missing" / "file", b"content")
    with pytest.raises(OutputError, match="cannot write"):
        write_atomically(folder / "null\0character", b"content")
    assert names(folder) == []


def test_a_failure_leaves_the_old_file_and_no_other(folder, monkeypatch):
    target = folder / "file"
    target.write_bytes(b"old")

    def full(stream, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_write_all", full)
    with pytest.raises(OutputError, match="No space left"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert names(folder) == ["file"]


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="needs files without names")
def test_a_process_that_is_killed_while_it_writes_leaves_nothing(tmp_path):
    program = (
        "import os, signal\n"
        "from autograd_bp import files\n"
        "files._set_mode = lambda *rest: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"files.write_atomically({str(tmp_path / 'file')!r}, b'content')"
    )
    if files._unnamed(tmp_path) is None:
        pytest.skip("this file system has no files without names")
    assert subprocess.run([sys.executable, "-c", program]).returncode == -9
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="only there is the number of a process known")
def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    kept = [f".run.json.{os.getpid()}.ab.part", ".run.json.mine.part", f".other.{dead.pid}.part"]
    for name in (*kept, f".run.json.{dead.pid}.0f.part"):
        (tmp_path / name).write_text("")
    remove_leftovers(tmp_path / "run.json")
    assert sorted(os.listdir(tmp_path)) == sorted(kept)
    remove_leftovers(tmp_path / "no folder" / "run.json")
