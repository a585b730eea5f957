"""What to write instead of functions of NumPy and SciPy that are not recorded."""

from __future__ import annotations

from typing import Any, NoReturn

from autograd_bp.errors import AutogradError, ConversionError, NodeComparisonError, OperandError
from autograd_bp.words import NAMES


def advice_for(name: str) -> str:
    """What to write for a ufunc that is not recorded; empty where nobody knows."""
    name = name.lstrip("_")
    return ADVICE.get(name) or (f"here it is {NAMES[name]}" if name in NAMES else "")


def refuse_function(function: Any, error: Exception) -> NoReturn:
    """Raise the error again for what NumPy's code for a function asked of a Value: it names the
    function, which the user called, and what to write."""
    name = f"{function.__module__.replace('numpy', 'np', 1)}.{function.__name__}"
    if isinstance(error, AutogradError) and not isinstance(
        error, (ConversionError, NodeComparisonError)
    ):
        raise error
    advice = ADVICE.get(function.__name__) or (
        "write it with functions that can (docs/numpy.md lists them), or call it on the "
        "numbers, array.data, by way of bp.custom, which takes its gradient"
    )
    kind = ConversionError if isinstance(error, ConversionError) else OperandError
    raise kind(
        f"{name} of Values cannot be recorded, NumPy's code for it is made for floats: {advice}"
    ) from error


ADVICE: dict[str, str] = {
    **dict.fromkeys(
        ("bitwise_count", "gcd", "lcm", "left_shift", "right_shift"),
        "it works on integers; use int(value.data) for an integer",
    ),
    "frexp": "use bp.floor(bp.log2(bp.primitives.abs_(value))) for the exponent",
    "nextafter": "it depends on how floats are stored; use np.nextafter(value.data, ...)",
    "spacing": "it depends on how floats are stored; use np.spacing(value.data)",
    "isnat": "it asks about dates",
    **dict.fromkeys(
        ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fft2", "fftn", "rfft2", "rfftn"),
        "it gives complex numbers, and Values are real; it is linear, so multiply the array by the "
        "real and by the imaginary part of the matrix np.fft.fft(np.eye(n))",
    ),
    "histogram_bin_edges": "write np.linspace(np.min(x), np.max(x), count + 1)",
    **dict.fromkeys(
        ("roots", "poly"), "bp.implicit gives one root of an equation with its derivatives"
    ),
    "gamma": "write bp.exp(bp.lgamma(x)) for x > 0",
    "rgamma": "write bp.exp(-bp.lgamma(x)) for x > 0",
    "poch": "write bp.exp(bp.lgamma(x + m) - bp.lgamma(x)) for x > 0",
    "binom": "write bp.exp(-bp.log_beta(n - k + 1, k + 1)) / (n + 1) for n >= k >= 0",
    "betaincc": "write bp.betainc(b, a, 1 - x)",
    **dict.fromkeys(("sindg", "cosdg", "tandg"), "write bp.sin(bp.radians(x)) and its like"),
    **dict.fromkeys(("lambertw", "wrightomega"), "bp.implicit gives the root of an equation"),
    **dict.fromkeys(
        ("betaincinv", "gammaincinv", "gammainccinv", "stdtrit", "chdtri", "fdtri"),
        "bp.implicit gives the root of an equation, here of bp.betainc or bp.gammainc",
    ),
}
