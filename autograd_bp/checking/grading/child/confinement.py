"""Restricts this process by the system: files by Landlock, processes and the network by seccomp.

Both are of Linux, need no rights, and cannot be undone by the process. Elsewhere `guards` stands
alone. The numbers are those of the kernel's headers.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
from collections.abc import Sequence

__all__ = ["close_files", "close_system_calls", "drop_capabilities", "is_available"]

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE, _READ_FILE, _READ_DIR = 1, 1 << 2, 1 << 3
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}  # bits of rights; 16 from version 5
_SET_SECCOMP, _GET_SECCOMP, _NO_NEW_PRIVS, _FILTER = 22, 21, 38, 2
_ALLOW, _REFUSE, _KILL, _MISSING = 0x7FFF0000, 0x00050001, 0x80000000, 0x00050026
_LOAD, _IF_EQUAL, _IF_ANY, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_THREAD = 0x00010000  # the flag of clone that makes a thread

# name: (x86_64, aarch64); None where it does not exist.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "ptrace": (101, 117),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "io_uring_setup": (425, 425),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "setpriority": (141, 140),
    "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274),
    "sched_setaffinity": (203, 122),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "swapon": (167, 224),
    "truncate": (76, 45),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
}
_CLONE, _CLONE3, _PRLIMIT = (56, 220), 435, (302, 261)
_ON_ITSELF = ((62, 129), (234, 131))  # kill and tgkill
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7), "arm64": (1, 0xC00000B7)}


def is_available() -> bool:
    """Whether this system has both means; asking changes nothing."""
    if platform.system() != "Linux" or platform.machine() not in _ARCHITECTURES:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    has_landlock = libc.syscall(_CREATE_RULESET, None, 0, 1) >= 1
    return bool(has_landlock and libc.prctl(_GET_SECCOMP, 0, 0, 0, 0) >= 0)


def close_files(files: Sequence[str], folders: Sequence[str]) -> bool:
    """Let this process read these files and what is below these folders, and list the folders;
    nothing else, and nothing can be written. False where the system has no Landlock.

    Arguments:
        files: files and folders that may be read and run.
        folders: folders of which only the names inside may be listed.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    rights = (1 << _RIGHTS_BY_VERSION.get(version, 16)) - 1
    sizes = 8 if version < 4 else 16 if version < 6 else 24
    attributes = struct.pack("=QQQ", rights, 3, 3)[:sizes]
    ruleset = libc.syscall(_CREATE_RULESET, attributes, sizes, 0)
    if ruleset < 0:
        return False
    for path in files:
        is_folder = os.path.isdir(path)
        _allow(libc, ruleset, path, _EXECUTE | _READ_FILE | (_READ_DIR if is_folder else 0))
    for path in folders:
        _allow(libc, ruleset, path, _READ_DIR)
    closed = _no_new_rights(libc) and libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return bool(closed)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(path, getattr(os, "O_PATH", 0))
        libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, handle), 0)
        os.close(handle)


def _no_new_rights(libc: ctypes.CDLL) -> bool:
    return bool(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)


def drop_capabilities() -> None:
    """Give up what root may do beyond other users; for others this changes nothing."""
    libc = ctypes.CDLL(None, use_errno=True)
    number = {"x86_64": 126, "aarch64": 91, "arm64": 91}.get(platform.machine())
    if number is not None:
        libc.syscall(number, struct.pack("=Ii", 0x20080522, 0), bytes(24))


def close_system_calls() -> bool:
    """Refuse new processes, programs, the network and signals to others; False where the system
    has no seccomp."""
    place, architecture = _ARCHITECTURES.get(platform.machine(), (None, 0))
    if place is None or os.name != "posix":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    code = _filter(place, architecture)
    program = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    whole = Program(len(code) // 8, ctypes.addressof(program))
    if not _no_new_rights(libc):
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(whole), 0, 0) == 0)


def _filter(place: int, architecture: int) -> bytes:
    """The filter, as instructions for the kernel's machine (code, jumps, number)."""
    own = os.getpid()
    lines = [
        (_LOAD, 0, 0, 4),
        (_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
    ]
    if place == 0:  # the 32-bit numbers of x86_64
        lines += [(_IF_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _REFUSE)]
    for numbers in _REFUSED.values():
        number = numbers[place]
        if number is not None:
            lines += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    lines += [(_IF_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _MISSING)]  # libc then takes clone
    lines += [
        (_IF_EQUAL, 0, 4, _CLONE[place]),
        (_LOAD, 0, 0, 16),
        (_IF_ANY, 0, 1, _THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    for both in _ON_ITSELF:
        lines += [
            (_IF_EQUAL, 0, 4, both[place]),
            (_LOAD, 0, 0, 16),
            (_IF_EQUAL, 0, 1, own),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _REFUSE),
        ]
    lines += [
        (_IF_EQUAL, 0, 5, _PRLIMIT[place]),
        (_LOAD, 0, 0, 16),
        (_IF_EQUAL, 1, 0, 0),
        (_IF_EQUAL, 0, 1, own),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
