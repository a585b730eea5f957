"""What NumPy's errors mean while a function is recorded, and what to write instead."""

from __future__ import annotations

from types import TracebackType

from autograd_bp.errors import AutogradError, BranchError, OperandError

_OBJECTS = (
    "an ordinary array of objects, np.array([...]) with Values in it, which NumPy computes by code "
    "of its own: write autograd_bp.array([...]) in its place, of which NumPy asks this library"
)


def named_error(error: Exception) -> AutogradError | None:
    """An error that says what to do, in the place of one of NumPy's; None for any other."""
    text = str(error)
    if isinstance(error, IndexError):
        return _of_index(text)
    if isinstance(error, BranchError):
        return BranchError(f"{text}; here NumPy asked, of {_OBJECTS}") if _asked(error) else None
    if isinstance(error, AutogradError):
        return None
    if "dtype('O')" in text or text.startswith(("loop of ufunc does not support", "ufunc '")):
        return OperandError(f"NumPy refused {_OBJECTS} ({text})")
    return None


def _of_index(text: str) -> AutogradError | None:
    if text.startswith("only integers, slices"):
        return BranchError(
            "an array of plain numbers was indexed by a Value, as in table[i], in a function that "
            "is compiled: its number is not known there; use autograd_bp.take(table, i), or "
            "declare the argument static"
        )
    if not text.startswith("arrays used as indices must be of integer"):
        return None
    return BranchError(
        "an array was indexed by conditions, as in v[v > 0], in a function that is compiled: how "
        "many hold is not known there; use np.where(condition, v, elsewhere), or "
        "np.sum(v, where=condition); or an array of plain numbers by places, as in "
        "table[tokens]: use autograd_bp.take(table, tokens), or declare the argument static"
    )


def _asked(error: BaseException) -> bool:
    """Whether NumPy's own code is the innermost that asked."""
    trace: TracebackType | None = error.__traceback__
    asks = False
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if not module.startswith("autograd_bp."):
            asks = module.startswith("numpy.")
        trace = trace.tb_next
    return asks
