"""Builds the compiled core, its .py files as they stand, where a C compiler is.

Everything else about the package stands in setup.cfg. Without a compiler, or with
AUTOGRAD_BP_PURE=1 in the environment, the install succeeds without it.
"""

import importlib.util
import os
import runpy
import sys
import sysconfig
import threading
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

BUILT = runpy.run_path(str(Path(__file__).resolve().parent / "autograd_bp" / "built.py"))
NATIVE = "autograd_bp/native"  # the headers of nodes and kernels
FLAGS = {
    # Both cores give the same bits: no fused multiply-add, no reordering.
    "unix": ["-O3", "-g0", "-ffp-contract=off", "-fno-strict-aliasing"],
    "msvc": ["/O2", "/fp:precise"],
}
# What runs once for each operation gets -O3, what many calls pass through and the walks of the
# compiler -O2. The rest loses 1 % of its speed by -O1, if anything, and is compiled in half of the
# time.
HOT = ("autograd_bp.value", "autograd_bp.backprop")
WARM = (
    *("autograd_bp.functions", "autograd_bp.listwise.folds", "autograd_bp.listwise.shares"),
    "autograd_bp." + BUILT["WALKS"].replace("/", "."),
)
TAPE = "autograd_bp." + BUILT["TAPE"].replace("/", ".")
INCLUDES = {
    BUILT["TAPE"]: ["autograd_bp/compiling/backends/tape"],
    BUILT["WALKS"]: ["autograd_bp/compiling/program/walks", NATIVE],
    BUILT["CALLER"]: [],
}
# The tape fuses multiply-adds where the processor can, and makes vectors of what has no branch: the
# search for partial redundancies would put branches in.
TAPE_FLAGS = {
    "unix": [
        *("-O3", "-g0", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"),
        "-fno-tree-pre",
    ],
    "msvc": ["/O2", "/fp:precise"],
}
MARK = """\
#if defined(_MSC_VER)
__declspec(dllexport)
#elif defined(__GNUC__)
__attribute__((used, visibility("default")))
#endif
const char autograd_bp_mark[] = "%s";
"""
DIRECTIVES = {
    "language_level": 3,
    "annotation_typing": False,  # the types are those of the .pxd files
    "embedsignature": True,  # for help() and inspect.signature()
    "embedsignature.format": "clinic",
}


class BuildCore(build_ext):
    """Translates the modules to C, and compiles them in parallel with the flags that apply.

    pip runs this file three times. Cython runs here, since only the last run compiles.
    """

    cython = threading.Lock()  # the C compiler, which takes most of the time, is outside of it

    def finalize_options(self) -> None:
        super().finalize_options()
        self.force = True  # a change of the flags or of Cython shows in no file
        if self.parallel is None:
            self.parallel = os.cpu_count() or 1

    def run(self) -> None:
        if self.extensions:
            print(
                f"autograd_bp: compiling {len(self.extensions)} modules of the core,"
                f" {self.parallel} at a time; AUTOGRAD_BP_PURE=1 leaves it out",
                flush=True,
            )
        super().run()

    def build_extension(self, ext: Extension) -> None:
        with self.cython:
            ext.sources = [*translated(ext).sources, marked(ext.name)]
        flags = TAPE_FLAGS if ext.name == TAPE else FLAGS
        ext.extra_compile_args += flags.get(self.compiler.compiler_type, flags["unix"])
        if ext.name not in (*HOT, TAPE) and "-O3" in ext.extra_compile_args:
            ext.extra_compile_args.append("-O2" if ext.name in WARM else "-O1")
        extra = os.environ.get("AUTOGRAD_BP_CFLAGS", "").split()
        ext.extra_compile_args += extra
        ext.extra_link_args += [flag for flag in extra if flag.startswith("-fsanitize")]
        if sys.platform == "linux" and not extra:
            ext.extra_link_args.append("-s")  # leave the table of symbols out
        super().build_extension(ext)


def translated(ext: Extension) -> Extension:
    """The module as C, in the folder build."""
    from Cython.Build import cythonize

    return cythonize(
        [ext], build_dir="build", compiler_directives=DIRECTIVES, force=True, quiet=True
    )[0]


def marked(module: str) -> str:
    """A file of C, in the folder build, that puts the fingerprints of sources into a module."""
    name = module.removeprefix("autograd_bp.").replace(".", "/")
    file = Path("build", "marks", f"{module}.c")
    file.parent.mkdir(parents=True, exist_ok=True)
    marks = BUILT["mark"](name) + BUILT["table_mark"]()
    file.write_text(MARK % marks.decode())
    return str(file)


def core() -> list[Extension]:
    """The modules of the compiled core; none where it cannot be, or is not to be, compiled."""
    if os.environ.get("AUTOGRAD_BP_PURE", "") not in ("", "0"):
        return []
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        print("autograd_bp: a free-threaded Python gets no compiled core, the sources run instead")
        return []
    if importlib.util.find_spec("Cython") is None:
        return []
    extensions = [
        Extension(
            "autograd_bp." + name.replace("/", "."),
            ["autograd_bp/" + patterns[0]],
            include_dirs=INCLUDES.get(name, [NATIVE]),
            depends=[
                f"autograd_bp/{file.relative_to(BUILT['FOLDER']).as_posix()}"
                for file in BUILT["sources"](name)
            ],
        )
        for name, patterns in BUILT["SOURCES"].items()
    ]
    for extension in extensions:
        extension.optional = True  # what fails is left out
    return extensions


def description() -> str:
    """README.md as the package index shows it."""
    folder = Path(__file__).resolve().parent
    if (folder / "tools" / "release.py").exists():
        return str(runpy.run_path(str(folder / "tools" / "release.py"))["description"]())
    return (folder / "README.md").read_text("utf-8")


setup(ext_modules=core(), cmdclass={"build_ext": BuildCore}, long_description=description())
