"""Words of other libraries, and what to write here: in errors about keywords and names that this
library does not have."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from autograd_bp.errors import KeywordError

F = TypeVar("F", bound=Callable[..., Any])

_FLOATS = "leave it out, since all numbers are floats of 64 bits"
_NOTHING = "leave it out, since a derivative by what nothing depends on is 0"
_ROWS = "write compiled(function, rows=...), which runs over rows of data"
_STATIC = "write static=, with the names of the parameters, in compiled(...)"
_WRT = "write wrt=, a position or a name, or several of them"

# What is said of a keyword; a function that has the first word is pointed to it.
KEYWORDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("argnums", "argnum", "argname", "argnames", "arg"), ("wrt", _WRT)),
    **dict.fromkeys(("inputs", "variables", "sources", "params"), ("wrt", _WRT)),
    **dict.fromkeys(("lr", "learning_rate", "step_size", "eta", "alpha"), ("rate", "write rate=")),
    **dict.fromkeys(
        ("num_epochs", "n_epochs", "n_iter", "max_iter", "iterations", "steps"),
        ("epochs", "write epochs="),
    ),
    **dict.fromkeys(
        ("create_graph", "keep_graph", "persistent"),
        (
            "record",
            "write record=True in gradients(y, x, record=True) or grad(function, record=True): "
            "the result is made of Values, which can be differentiated again",
        ),
    ),
    "retain_graph": (
        "",
        "leave it out, since a graph lives as long as you hold it, and can be swept again",
    ),
    **dict.fromkeys(
        ("requires_grad", "trainable"),
        (
            "",
            "leave it out, since every Value can be differentiated by; a plain number is a "
            "constant, and so is what stop_gradient(value) returns",
        ),
    ),
    **dict.fromkeys(("allow_unused", "materialize_grads", "unconnected_gradients"), ("", _NOTHING)),
    **dict.fromkeys(
        ("grad_outputs", "output_gradients", "cotangents", "gradient_outputs", "grad_tensors"),
        ("seeds", "write seeds= in gradients(outputs, inputs, seeds=[...])"),
    ),
    "gradient": ("seed", "write seed= in value.backward(seed=...)"),
    **dict.fromkeys(
        ("in_axes", "out_axes", "vectorize", "batched", "batch", "vmap", "is_grads_batched"),
        ("rows", _ROWS),
    ),
    **dict.fromkeys(
        ("static_argnums", "static_argnames", "static_args", "static_broadcasted_argnums"),
        ("static", _STATIC),
    ),
    **dict.fromkeys(("dtype", "device", "allow_int", "holomorphic", "precision"), ("", _FLOATS)),
    **dict.fromkeys(("name", "id"), ("label", "write label=")),
    **dict.fromkeys(("jit", "compile", "jit_compile"), ("", "write compiled(function)")),
    "aux": ("has_aux", "write has_aux=True"),
    "has_aux": ("", "grad, value_and_grad and jacobian have it; here return the output alone"),
    **dict.fromkeys(
        ("strategy", "method", "vectorize_mode"), ("mode", 'write mode="forward" or "reverse"')
    ),
    **dict.fromkeys(("nopython", "fullgraph", "backend_options"), ("", "write backend=")),
    **dict.fromkeys(
        ("fwd", "bwd", "jvp", "vjp", "rule", "grad_fn"), ("gradient", "write gradient=")
    ),
}

_COMPILED = "compiled(function)"
_MAPPED = "compiled(function, rows=..., reduce=None), which runs over rows of data"
_A_VALUE = "Value(2.0), for a single number; an array of them is numpy.array([...], dtype=object)"

NAMES: dict[str, str] = {
    **dict.fromkeys(("jit", "njit", "function", "script", "trace", "make_jaxpr"), _COMPILED),
    **dict.fromkeys(("vmap", "pmap", "vectorize", "map", "elementwise_grad", "egrad"), _MAPPED),
    **dict.fromkeys(("tensor", "Tensor", "Variable", "variable", "Parameter", "constant"), _A_VALUE),
    **dict.fromkeys(("array", "zeros", "ones", "asarray", "arange", "linspace"), "numpy's, and Value"),
    "jacfwd": 'jacobian(function, mode="forward")',
    "jacrev": 'jacobian(function, mode="reverse")',
    "jac": "jacobian(function)",
    "derivative": "grad(function)",
    "gradient": "grad(function), or gradients(output, inputs) for nodes",
    "GradientTape": "value.backward(), or gradients(output, inputs); every operation is recorded",
    "backward": "value.backward()",
    "autograd": "grad(function), or value.backward()",
    "value_grad": "value_and_grad(function)",
    **dict.fromkeys(("hess", "hessian_vector_product"), "hessian(function), or hvp(function, x, v)"),
    "make_hvp": "hvp(function, x, v)",
    **dict.fromkeys(("make_vjp", "vector_jacobian_product"), "vjp(function, x)"),
    **dict.fromkeys(("make_jvp", "jacobian_vector_product"), "jvp(function, x, v)"),
    **dict.fromkeys(("jet", "taylor_expansion"), "taylor(function, x, order)"),
    **dict.fromkeys(("custom_vjp", "custom_jvp", "custom_gradient", "Function", "defvjp"),
        "custom(gradient=...), or primitive(partials=...)"),
    **dict.fromkeys(("detach", "lax", "stop_grad", "zero_grad"), "stop_gradient(value), value.detach(), "
        "value.zero_grad()"),
    **dict.fromkeys(("inference_mode", "set_grad_enabled", "enable_grad"), "no_recording()"),
    **dict.fromkeys(("custom_root", "root", "fsolve"), "implicit(equation, solve)"),
    **dict.fromkeys(("checkpoint", "remat"), "the function itself; nothing is stored twice"),
    **dict.fromkeys(("optim", "optimizers", "SGD", "Adam", "Optimizer"),
        "training.GradientAscent(parameters, rate)"),
    **dict.fromkeys(("Module", "Linear", "Sequential", "MLP", "Dense"),
        "nn.Module, nn.Layer, nn.Network"),
    "Neuron": "nn.Neuron",
    "Layer": "nn.Layer",
    "Network": "nn.Network",
    **dict.fromkeys(("gradcheck", "check_grads", "check_grad"), "check_gradient(function, x)"),
    **dict.fromkeys(("draw_dot", "make_dot", "plot", "visualize"), "draw(value)"),
    **dict.fromkeys(("detect_anomaly", "set_detect_anomaly", "debug_nans"), "find_nonfinite(value)"),
    **dict.fromkeys(("abs", "absolute", "fabs"), "abs(value)"),
    **dict.fromkeys(("pow", "power"), "x ** y"),
    "arctan2": "atan2",
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **dict.fromkeys(("logistic", "expit"), "sigmoid"),
    **dict.fromkeys(("mse_loss", "mse", "loss"), "performance(desired, outputs)"),
    **dict.fromkeys(("nll_loss", "CrossEntropyLoss"), "cross_entropy(desired, logits)"),
    **dict.fromkeys(("add", "multiply", "subtract", "mul", "div", "sub", "divide", "true_divide"),
        "the operators + - * /"),
    "matmul": "linalg.matmul, or dot for two vectors",
    **dict.fromkeys(("is_tensor", "isvalue"), "isinstance(x, Value)"),
    "random": "the module random of Python, or numpy's",
}  # fmt: skip


def explain_keyword(function: str, keyword: str, known: Iterable[str]) -> str:
    """What to say of a keyword that a function does not have."""
    names = [name for name in known if name != "self"]
    ours, advice = KEYWORDS.get(keyword, ("", ""))
    if ours in names:
        advice = f"write {ours}="
    if not advice:
        import difflib

        close = difflib.get_close_matches(keyword, names, 1)
        advice = f"did you mean {close[0]}=?" if close else f"it takes {', '.join(names)}"
    return f"{function}() has no keyword {keyword!r}: {advice}"


def refuse_keywords(function: str, given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise KeywordError for a keyword that the function does not have."""
    for keyword in given:
        if keyword not in known:
            raise KeywordError(explain_keyword(function, keyword, known))


def refuse_of_value(given: Mapping[str, Any]) -> None:
    """Raise KeywordError for a keyword that Value() does not have."""
    refuse_keywords("Value", given, ("data", "label"))


def explains_keywords(function: F) -> F:
    """A decorator: keywords that the function does not have raise KeywordError, which names ours."""
    code: Any = function.__code__  # type: ignore[attr-defined]
    known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    name = function.__qualname__.removesuffix(".__init__")

    def explained(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            refuse_keywords(name, kwargs, known)
        return function(*args, **kwargs)

    functools.update_wrapper(explained, function)
    decorated: Any = explained
    return decorated  # type: ignore[no-any-return]


def explain_name(name: str, known: Iterable[str]) -> str:
    """What to say of a name that the package does not have, after its name; empty for nothing."""
    advice = NAMES.get(name)
    if advice is not None:
        return f": here it is {advice}"
    import difflib

    close = difflib.get_close_matches(name, list(known), 1, 0.75)
    return f": did you mean {close[0]!r}?" if close else ""
