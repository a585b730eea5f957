"""`nox`: the tests on every installed Python and on both cores; wheels; memory checks."""

import os
import subprocess
import sys

import nox

nox.options.sessions = ["tests", "lint"]
nox.options.error_on_missing_interpreters = False


@nox.session(python=["3.10", "3.11", "3.12", "3.13", "3.14"])
def tests(session: nox.Session) -> None:
    """The whole suite, compiled and interpreted."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", "-q", *session.posargs)
    session.run("python", "-m", "pytest", "-q", *session.posargs, env={"AUTOGRAD_BP_PURE": "1"})


@nox.session
def lint(session: nox.Session) -> None:
    """Lint, format and strict types."""
    session.install("-e", ".[test]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy", "--strict", "autograd_bp")


@nox.session
def browser(session: nox.Session) -> None:
    """The tests of pages in Chromium, which comes from the system's packages."""
    session.install("-e", ".[test,browser]")
    session.run("python", "-m", "pytest", "-q", "-m", "browser", *session.posargs)


@nox.session
def table(session: nox.Session) -> None:
    """Faults in the table are caught; a new primitive needs one entry."""
    session.install("-e", ".[test]", "cython", "setuptools")
    session.run("python", "tools/mutate.py")
    session.run("python", "tools/add_primitive.py")


@nox.session
def kills(session: nox.Session) -> None:
    """500 trainings killed at random moments go on without a bit that differs."""
    session.install("-e", ".[all]")
    session.run("python", "tests/training/killed.py", "500", "1", env={"OMP_NUM_THREADS": "1"})


@nox.session
def docs(session: nox.Session) -> None:
    """The site in build/site, without a warning."""
    session.install("-e", ".[all,site]")
    session.run("python", "tools/site.py", *session.posargs)


@nox.session
def wheels(session: nox.Session) -> None:
    """Wheels for this platform, built and tested by cibuildwheel."""
    session.install("cibuildwheel")
    session.run("cibuildwheel", "--output-dir", "dist", *session.posargs)


@nox.session
def sanitize(session: nox.Session) -> None:
    """The engine's tests under the address sanitizer (Linux with gcc), without a pool of nodes."""
    session.install("-e", ".[test]", "cython", "setuptools")
    flags = "-fsanitize=address -fno-omit-frame-pointer -DAUTOGRAD_BP_NO_POOL -g -O1"
    session.run(
        "python",
        "setup.py",
        "-q",
        "build_ext",
        "--inplace",
        "--force",
        env={"AUTOGRAD_BP_CFLAGS": flags},
    )
    library = subprocess.check_output(["gcc", "-print-file-name=libasan.so"], text=True).strip()
    session.run(
        "python",
        "-m",
        "pytest",
        "-q",
        "tests/engine",
        "tests/nn",
        env={
            "LD_PRELOAD": library,
            "ASAN_OPTIONS": "detect_leaks=0",
            "PYTHONMALLOC": "malloc",
        },
    )


if __name__ == "__main__":
    sys.exit(subprocess.call([sys.executable, "-m", "nox", *sys.argv[1:]], env=os.environ))
