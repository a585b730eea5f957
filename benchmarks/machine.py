"""Where and with what the numbers were measured."""

from __future__ import annotations

import gc
import importlib.machinery
import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import autograd_bp
from autograd_bp.version import __version__
from benchmarks.processes import SETTINGS

PEERS = ("micrograd", "autograd", "torch", "jax", "casadi", "xad", "ddx-ad", "numpy", "llvmlite")
COMPILED = "compiled core"
COMPILER = "cc"


def why_missing(package: str) -> str:
    """Why a contestant that needs this cannot take part; the empty string if it can."""
    if package == COMPILED:
        spec = importlib.machinery.PathFinder.find_spec("value", list(autograd_bp.__path__))
        built = spec is not None and not str(spec.origin).endswith(".py")
        return "" if built else "the compiled core is not built"
    if package == COMPILER:
        return "" if shutil.which(COMPILER) else "no C compiler (cc) was found"
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return f"{package} is not installed"
    return ""


def facts() -> dict[str, str]:
    """The machine, the interpreter, the versions, the settings."""
    known = {
        "CPU": cpu(),
        "cores": str(
            len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count() or 1
        ),
        "system": " ".join([platform.system(), platform.machine(), *platform.libc_ver()]).strip(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "autograd_bp": f"{__version__}, {why_missing(COMPILED) or 'compiled core'}",
    }
    for peer in PEERS:
        missing = why_missing(peer)
        known[peer] = "not installed" if missing else metadata.version(peer)
    known["C compiler"] = compiler()
    known["threads"] = (
        "1 for every contestant ("
        + ", ".join(
            f"{name}={value}" for name, value in SETTINGS.items() if name.endswith("_THREADS")
        )
        + "; torch.set_num_threads(1); XLA: one thread)"
    )
    known["collector"] = (
        f"on: gc.enable() with thresholds {gc.get_threshold()}, as users have it; off: "
        "gc.collect(), then gc.disable() while timed"
    )
    known["processes"] = f"one for each contestant, {Path(sys.executable).name}"
    return known


def cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def compiler() -> str:
    if shutil.which(COMPILER) is None:
        return "none"
    done = subprocess.run([COMPILER, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[0] if done.stdout else "cc"
