"""The first thing that the package imports: from now on Ctrl-C ends a starting command quietly.

Python answers Ctrl-C with a traceback as soon as it runs. Where this process is the command
`autograd-bp`, the system's own answer, which prints nothing, is used until the command has its
handlers. In all other programs nothing is changed.
"""

import _signal  # type: ignore[import-not-found]
import sys


def _is_command() -> bool:
    program = (sys.argv or [""])[0].replace("\\", "/").rpartition("/")[2]
    if program.removesuffix(".exe").removesuffix("-script.py") == "autograd-bp":
        return True
    words = sys.orig_argv  # argv has no names of modules yet: Python is still looking for them
    return program == "-m" and any(
        words[k : k + 2] == ["-m", "autograd_bp"] for k in range(1, len(words) - 1)
    )


IS_COMMAND = _is_command()

if IS_COMMAND and _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    try:  # noqa: SIM105
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    except ValueError:  # another thread than the main one
        pass
