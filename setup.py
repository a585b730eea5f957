"""Builds the compiled core, its .py files as they stand, where a C compiler is.

Everything else about the package stands in setup.cfg. Without a compiler, or with
AUTOGRAD_BP_PURE=1 in the environment, the install succeeds without it.
"""

import os
import sys
import sysconfig

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# Those that core.py names. The table of primitives is in the kernels that value.py includes.
MODULES = ("value", "entry", "functions", "ieee754", "backprop")
NODES = ("blocks", "kept", "nodes", "open", "pools", "stacks")
HEADERS = (*NODES, "rules", "kernels", "operators", "floats")
FLAGS = {
    # Both cores give the same bits: no fused multiply-add, no reordering.
    "unix": ["-O3", "-g0", "-ffp-contract=off", "-fno-strict-aliasing"],
    "msvc": ["/O2", "/fp:precise"],
}
# What runs once for each operation; the rest is as quick when it is compiled in two thirds of the
# time, by -O2.
HOT = ("autograd_bp.value", "autograd_bp.backprop")
WALKS = "autograd_bp.compiling.program._walks"
WALKS_PARTS = (
    *(f"{name}.h" for name in ("building", "graph", "groups", "lists", "nests", "objects")),
    *("passes.h", "steps.h", "graphs.pxi", "nests.pxi", "passes.pxi", "programs.pxi"),
    *("rolling.pxi", "sequences.pxi", "sweeps.pxi", "tapes.pxi"),
)
TAPE = "autograd_bp.compiling.backends.tape._interpreter"
TAPE_HEADERS = ("exponentials", "folds", "lanes", "primitives", "products", "recipes", "tape")
# The tape fuses multiply-adds where the processor can, and makes vectors of what has no branch.
TAPE_FLAGS = {
    "unix": ["-O3", "-g0", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"],
    "msvc": ["/O2", "/fp:precise"],
}
DIRECTIVES = {
    "language_level": 3,
    "annotation_typing": False,  # the types are those of the .pxd files
    "embedsignature": True,  # for help() and inspect.signature()
    "embedsignature.format": "clinic",
}


class BuildCore(build_ext):
    """Passes the flags that the compiler understands, and compiles the modules in parallel."""

    def finalize_options(self) -> None:
        super().finalize_options()
        if self.parallel is None:
            self.parallel = os.cpu_count() or 1

    def build_extension(self, ext: Extension) -> None:
        flags = TAPE_FLAGS if ext.name == TAPE else FLAGS
        ext.extra_compile_args += flags.get(self.compiler.compiler_type, flags["unix"])
        if ext.name not in (*HOT, TAPE) and "-O3" in ext.extra_compile_args:
            ext.extra_compile_args.append("-O2")
        extra = os.environ.get("AUTOGRAD_BP_CFLAGS", "").split()
        ext.extra_compile_args += extra
        ext.extra_link_args += [flag for flag in extra if flag.startswith("-fsanitize")]
        if sys.platform == "linux" and not extra:
            ext.extra_link_args.append("-s")  # leave the table of symbols out
        super().build_extension(ext)


def core() -> list[Extension]:
    if os.environ.get("AUTOGRAD_BP_PURE", "") not in ("", "0"):
        return []
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        print("autograd_bp: a free-threaded Python gets no compiled core, the sources run instead")
        return []
    try:
        from Cython.Build import cythonize
    except ImportError:
        return []
    # Those that take longest come first, so that the compilers that run side by side end together.
    extensions = [
        Extension(
            TAPE,
            ["autograd_bp/compiling/backends/tape/_interpreter.pyx"],
            include_dirs=["autograd_bp/compiling/backends/tape"],
            depends=[f"autograd_bp/compiling/backends/tape/{header}.h" for header in TAPE_HEADERS],
        ),
        Extension(
            WALKS,
            ["autograd_bp/compiling/program/_walks.pyx"],
            include_dirs=["autograd_bp/compiling/program/walks", "autograd_bp/native"],
            depends=[f"autograd_bp/compiling/program/walks/{name}" for name in WALKS_PARTS],
        ),
        *(
            Extension(
                f"autograd_bp.{name}",
                [f"autograd_bp/{name}.py"],
                include_dirs=["autograd_bp/native"],
                depends=[f"autograd_bp/native/{header}.h" for header in HEADERS],
            )
            for name in MODULES
        ),
        Extension(
            "autograd_bp.compiling.calling._caller",
            ["autograd_bp/compiling/calling/_caller.pyx"],
            depends=["autograd_bp/compiling/calling/lines.pxi"],
        ),
    ]
    built: list[Extension] = cythonize(
        extensions, build_dir="build", compiler_directives=DIRECTIVES, force=True
    )
    for extension in built:
        extension.optional = True  # what fails is left out: cythonize forgets it when told before
    return built


setup(ext_modules=core(), cmdclass={"build_ext": BuildCore})
