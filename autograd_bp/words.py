"""Words of other libraries, and what to write here: in errors about keywords and names that this
library does not have."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from autograd_bp.errors import KeywordError, OperandError, UnknownNameError

F = TypeVar("F", bound=Callable[..., Any])

_FLOATS = "leave it out, since all numbers are floats of 64 bits"
_NOTHING = "leave it out, since a derivative by what nothing depends on is 0"
_ROWS = "write compiled(function, rows=...), which runs over rows of data"
_STATIC = "write static=, with the names of the parameters, in compiled(...)"
_WRT = (
    "wrt= selects arguments in grad, value_and_grad, jacobian, hessian and compiled; here pass a "
    "function of the arguments to differentiate by"
)

# Our word for a keyword, which a function is pointed to if it has it; else what is said of it.
KEYWORDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("argnums", "argnum", "argname", "argnames", "arg"), ("wrt", _WRT)),
    **dict.fromkeys(("inputs", "variables", "sources", "params"), ("wrt", _WRT)),
    **dict.fromkeys(
        ("lr", "learning_rate", "step_size", "eta", "alpha"),
        ("rate", "rate= is a keyword of GradientAscent and train"),
    ),
    **dict.fromkeys(
        ("num_epochs", "n_epochs", "n_iter", "max_iter", "iterations", "steps"),
        ("epochs", "epochs= is a keyword of train"),
    ),
    **dict.fromkeys(
        ("create_graph", "keep_graph", "persistent"),
        (
            "record",
            "write record=True in gradients(y, x, record=True) or grad(function, record=True): "
            "the result is made of Values, which can be differentiated again",
        ),
    ),
    **dict.fromkeys(("nonlin", "act", "nonlinearity"), ("activation", "write activation=")),
    **dict.fromkeys(("use_bias", "fit_intercept"), ("bias", "write bias=")),
    **dict.fromkeys(("random_state", "rng", "key", "generator"), ("seed", "write seed=")),
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
    **dict.fromkeys(("name", "id"), ("label", "label= is a keyword of Value")),
    **dict.fromkeys(("jit", "compile", "jit_compile"), ("", "write compiled(function)")),
    "aux": ("has_aux", "has_aux= is a keyword of grad, value_and_grad and jacobian"),
    "has_aux": ("", "grad, value_and_grad and jacobian have it; here return the output alone"),
    **dict.fromkeys(
        ("strategy", "method", "vectorize_mode"),
        ("mode", 'mode= is a keyword of jacobian: "forward" or "reverse"'),
    ),
    **dict.fromkeys(("nopython", "fullgraph", "backend_options"), ("", "write backend=")),
    **dict.fromkeys(
        ("fwd", "bwd", "jvp", "vjp", "rule", "grad_fn"),
        ("gradient", "gradient= is a keyword of custom"),
    ),
}

MICROGRAD = (
    "import Value from autograd_bp.compat.micrograd, which has the words of micrograd and microgpt "
    "(see docs/migrating.md)"
)
KEYWORDS |= dict.fromkeys(
    (
        *("_children", "children", "_parents", "parents", "_prev", "prev", "_op", "op"),
        *("local_grads", "_local_grads"),
    ),
    ("", MICROGRAD),
)

_MAPPED = "compiled(function, rows=..., reduce=None), which runs over rows of data"
_A_VALUE = "Value(2.0), for a single number; an array of them is array([...])"

# For each answer the names that ask for it.
_NAMES: dict[str, str] = {
    "fori(n, body, init)": "fori_loop foreach for_loop",
    "cond(condition, then, otherwise, *operands)": "switch case ifelse if_else select_branch",
    "take(table, index)": "gather gather_nd embedding index_select take_along_axis",
    "compiled(function)": "jit njit function script trace make_jaxpr",
    _MAPPED: "vmap pmap vectorize map elementwise_grad egrad",
    _A_VALUE: "tensor Tensor Variable variable Parameter constant",
    "array(values), for an array with Values in it; numpy's for numbers": (
        "asarray zeros ones arange linspace empty full eye"
    ),
    'jacobian(function, mode="forward")': "jacfwd",
    'jacobian(function, mode="reverse")': "jacrev",
    "jacobian(function)": "jac",
    "bessel_j(order, x), or bessel_y": "j0 j1 jn jv besselj y0 y1 yn yv bessely",
    "gammainc(a, x), or gammaincc": "igamma igammac gammap gammaq lowergamma uppergamma gammaincq "
    "gammaincp chdtr chdtrc gdtr gdtrc pdtr pdtrc",
    "betainc(a, b, x)": "incbet incbeta ibeta betai betainc_regularized stdtr fdtr bdtr btdtr",
    "bessel_i(order, x), or bessel_k": "i0 i1 iv besseli k0 k1 kn kv besselk",
    "grad(function)": "derivative diff D",
    "grad(function), or gradients(output, inputs) for nodes": "gradient grads",
    "value.backward(), or gradients(output, inputs); everything is recorded": "GradientTape tape",
    "value.backward()": "backward autograd",
    "value_and_grad(function)": "value_grad grad_and_value",
    "hessian(function), or hvp(function, x, v)": "hess hessian_vector_product make_hvp",
    "vjp(function, x)": "make_vjp vector_jacobian_product pullback",
    "jvp(function, x, v)": "make_jvp jacobian_vector_product pushforward linearize",
    "taylor(function, x, order)": "jet taylor_expansion series",
    "custom(gradient=...), or primitive(partials=...)": "custom_vjp custom_jvp custom_gradient "
    "Function defvjp defjvp",
    "stop_gradient(value), or value.detach()": "detach stop_grad",
    "value.zero_grad()": "zero_grad zero_grads",
    "no_recording()": "inference_mode set_grad_enabled enable_grad no_tape no_gradient",
    "implicit(equation, solve)": "custom_root root fsolve",
    "checkpoint=True of fori, scan and while_loop; else the function itself": "checkpoint remat",
    "fori, scan, while_loop or cond; lax.stop_gradient is stop_gradient; for scripts of JAX "
    "compat.jax.lax": "lax",
    "maximum(*values)": "max amax",
    "minimum(*values)": "min amin",
    "sorted(values), which compares the numbers, or numpy's of an array(values)": "sort argsort",
    "that function of numpy, which takes an array(values)": (
        "isnan isinf isfinite nan_to_num concatenate stack hstack vstack einsum cumsum cumprod "
        "argmax argmin outer tensordot convolve interp trapz trapezoid reshape transpose median "
        "quantile percentile select average roll flip tile repeat squeeze expand_dims"
    ),
    "numpy itself: its functions take Values and an array(values); for scripts of autograd "
    "compat.autograd.numpy, for those of JAX compat.jax.numpy": "np numpy jnp",
    "log": "ln",
    "relu": "ReLU rectifier",
    "minimum(relu(x), 6.0)": "relu6",
    "lgamma": "gammaln loggamma",
    "digamma": "psi",
    "sech2": "sech_squared",
    "seed= of Network, train and fit, or random.seed(number) of Python": (
        "seed manual_seed set_seed PRNGKey"
    ),
    'compiled(function, dtype="float32"); Values are floats of 64 bits': (
        "float32 float64 float16 set_default_dtype dtype"
    ),
    "leave it out: numbers are computed by the processor": "cuda device to_device cpu",
    "a pair of Values, for the real and the imaginary part": "complex holomorphic_grad real imag",
    "the same function, of this package: relu, sigmoid, softmax": "functional F ops",
    "training.GradientAscent, or another of training.optimisers": "optim optimizers optax "
    " SGD Adam AdamW RMSprop LBFGS Optimizer",
    "training.optimisers.minimise(function, start)": "minimize fmin least_squares curve_fit",
    "nn.Module, nn.Layer, nn.Network": "Module Linear Sequential MLP Dense",
    "nn.Neuron": "Neuron",
    "nn.Layer": "Layer",
    "nn.Network": "Network",
    "check_gradient(function, x)": "gradcheck check_grads check_grad",
    "draw(value)": "draw_dot make_dot plot visualize",
    "find_nonfinite(value)": "detect_anomaly set_detect_anomaly debug_nans",
    "abs(value)": "abs absolute fabs",
    "x ** y": "pow power",
    "atan2": "arctan2",
    "sigmoid": "expit",
    "performance(desired, outputs)": "mse_loss mse loss MSELoss",
    "cross_entropy(desired, logits)": "nll_loss CrossEntropyLoss",
    "one of the operators + - * /": "add sub mul div subtract multiply divide true_divide",
    "linalg.matmul, or dot for two vectors": "matmul",
    "isinstance(x, Value)": "is_tensor isvalue",
    "exp(lgamma(x)), for x > 0": "gamma Gamma tgamma",
    "exp(lgamma(n + 1.0))": "factorial",
    "exp(-log_beta(n - k + 1.0, k + 1.0)) / (n + 1.0)": "comb binom binomial",
    "a number of Python's math": "pi e tau inf nan",
    "math.isclose(a.data, b.data), or numpy's of an array(values)": "isclose allclose",
    "linalg.solve, linalg.inv, linalg.det and their like": (
        "solve inv det slogdet cholesky qr lstsq trace"
    ),
    "a function of NumPy with custom(gradient=...)": "svd eig eigh eigvals pinv expm fft ifft rfft",
    "random.normal, random.uniform and their like": "randn rand normal uniform bernoulli Normal",
    "random.dropout(values, rate)": "dropout Dropout",
    "scan(body, init, xs), or functools.reduce": "reduce fold associative_scan",
    "threshold, or heaviside": "step",
    "silu": "swish SiLU Swish",
    "gelu": "GELU",
    "softmax": "Softmax",
    "a function, sigmoid": "Sigmoid",
    "a function, tanh": "Tanh",
    "compat.micrograd, for scripts of micrograd": "engine micrograd",
    "scipy itself: its ufuncs take Values, see docs/numpy.md": "scipy special stats",
}
NAMES = {name: answer for answer, names in _NAMES.items() for name in names.split()}
NAMES |= {f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")}


_ATTRIBUTES: dict[str, str] = {}  # of Values, by the names that other engines have for them


_NO_NUMBER = {  # by the name of the type
    **dict.fromkeys(
        ("list", "tuple", "range"),
        "autograd_bp.array(...) makes an array of it, on which functions work element by element",
    ),
    **dict.fromkeys(("set", "dict"), "take its numbers one by one"),
    "Series": "write .to_numpy()",
    "DataFrame": "write .to_numpy()",
    "NoneType": "a function without return gives None; to clear a gradient write zero_grad()",
    "complex": "a pair of Values can stand for the real and the imaginary part",
    "str": "convert it first, with float(text)",
    "Decimal": "convert it first, with float(...); floats and Decimals do not mix in Python either",
    "function": "call it first",
    "builtin_function_or_method": "call it first",
    "ndarray": "give one number, or call a function of autograd_bp on the array",
    "Tensor": "write .item() for its number",
}


_NO_TREE = {  # by the name of the type
    **dict.fromkeys(("Series", "DataFrame"), ".to_numpy()"),
    "Tensor": ".numpy()",
    **dict.fromkeys(
        ("set", "frozenset", "range", "deque", "array", "generator", "list_iterator", "map", "zip"),
        "list(...)",
    ),
    **dict.fromkeys(("dict_values", "dict_keys", "filter", "tuple_iterator"), "list(...)"),
    "SimpleNamespace": "vars(...)",
    "RowsOf": "np.asarray(...)",
    "str": "float(text); a name may stand in a field of a dataclass or of a named tuple",
    "Decimal": "float(...)",
    "bytes": "float(text)",
}


def tree_advice(thing: object) -> str:
    """How to make a tree of numbers of something; empty where nobody knows."""
    ours = _NO_TREE.get(type(thing).__name__)
    return f", with {ours}" if ours else ""


def number_advice(operand: object) -> str:
    """What to do with something that is no real number."""
    if hasattr(type(operand), "zero_grad") and hasattr(type(operand), "partials"):
        return "it is a Value already; its number is value.data"
    return _NO_NUMBER.get(type(operand).__name__, "convert it first")


def explain_keyword(function: str, keyword: str, known: Iterable[str]) -> str:
    """Explain a keyword that a function does not have."""
    names = [name for name in known if name != "self"]
    ours, advice = KEYWORDS.get(keyword, ("", ""))
    if ours in names:
        advice = f"write {ours}="
    elif advice == _WRT and function[:1].isupper():
        advice = ""  # a class differentiates nothing
    if not advice:
        import difflib

        close = difflib.get_close_matches(keyword, names, 1)
        advice = f"did you mean {close[0]}=?" if close else f"it takes {', '.join(names)}"
    return f"{function}() has no keyword {keyword!r}: {advice}"


def refuse_keywords(function: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raise KeywordError for a keyword that the function does not have."""
    for keyword in given:
        if keyword not in known:
            raise KeywordError(explain_keyword(function, keyword, known))


def refuse_positions(
    name: str,
    is_init: bool,
    given: Sequence[Any],
    by_position: Sequence[str],
    others: Sequence[str],
) -> None:
    """Raise KeywordError for more arguments than a function takes by position."""
    called = type(given[0]).__name__ if is_init else name
    is_method = is_init or by_position[:1] == ("self",)
    positions = by_position[1:] if is_method else by_position
    keywords = f"; keywords: {', '.join(others)}" if others else ""
    raise KeywordError(
        f"{called}() takes {len(positions)} arguments by position, {', '.join(positions)}, got "
        f"{len(given) - is_method}{keywords}"
    )


def refuse_of_value(given: Iterable[str]) -> None:
    """Raise KeywordError for a keyword that Value() does not have."""
    refuse_keywords("Value", given, ("data", "label"))


def refuse_children(given: object) -> None:
    """Raise OperandError for what stands where Value() takes a label, or after it."""
    raise OperandError(
        f"a label is text, got {type(given).__name__} {given!r:.60}: a Value "
        f"records by itself what it is computed from. For a script that gives the children, "
        f"{MICROGRAD}"
    )


def refuse_attribute(name: str) -> None:
    """Raise UnknownNameError for an attribute that a script sets on a Value."""
    if name in _ATTRIBUTES:
        raise UnknownNameError(f"a Value has no attribute {name!r}: {_advised(_ATTRIBUTES[name])}")
    raise UnknownNameError(
        f"a Value has no attribute {name!r}, and no room for one: keep it in a list or a dict, "
        "derive a class from Value, whose instances may have any attributes, or, for a script of "
        f"another engine, {MICROGRAD}"
    )


class NoSuchName(UnknownNameError):
    """A module has no attribute of that name. The text is written when it is shown: Python asks a
    package for each of its modules in this way."""

    def __init__(self, module: str, name: str, known: Iterable[str]) -> None:
        super().__init__(module, name)
        self.module, self.missing, self.known = module, name, known

    def __str__(self) -> str:
        explained = explain_name(self.missing, self.known)
        return f"module {self.module!r} has no attribute {self.missing!r}{explained}"


NoSuchName.__name__ = NoSuchName.__qualname__ = "UnknownNameError"
NoSuchName.__module__ = UnknownNameError.__module__


class ForeignName:
    """A name that nodes of other engines have: asking a Value for it raises UnknownNameError.

    Arguments:
        ours: what has this meaning here.
    """

    def __init__(self, name: str, ours: str) -> None:
        self.name, self.ours = name, ours
        _ATTRIBUTES[name] = ours

    def __get__(self, node: object, owner: type) -> object:
        if node is None:
            return self
        script = f". For a script of another engine, {MICROGRAD}" if self.name[0] == "_" else ""
        raise UnknownNameError(
            f"a Value has no attribute {self.name!r}: {_advised(self.ours)}{script}"
        )


def _advised(ours: str) -> str:
    return ours if ours.startswith("leave it out") else f"here it is {ours}"


def explains_keywords(function: F) -> F:
    """A decorator: a keyword that the function does not have raises KeywordError. What makes an
    object is called by the class of the object."""
    code: Any = function.__code__
    known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    passes_on = bool(code.co_flags & 0x08)  # it has **options, which another function takes
    name, is_init = function.__qualname__, function.__name__ == "__init__"

    by_position = None if code.co_flags & 0x04 else code.co_argcount

    def explained(*args: Any, **kwargs: Any) -> Any:
        if by_position is not None and len(args) > by_position:
            refuse_positions(name, is_init, args, known[:by_position], known[by_position:])
        if kwargs:
            foreign = KEYWORDS.keys() & kwargs.keys() if passes_on else kwargs
            refuse_keywords(type(args[0]).__name__ if is_init else name, foreign, known)
        return function(*args, **kwargs)

    functools.update_wrapper(explained, function)
    decorated: Any = explained
    return decorated  # type: ignore[no-any-return]


def explain_name(name: str, known: Iterable[str]) -> str:
    """Explain a name that the package does not have; empty where there is nothing to say."""
    advice = NAMES.get(name)
    if advice is not None:
        return f": {_advised(advice)}"
    import difflib

    close = difflib.get_close_matches(name, list(known), 1, 0.75)
    return f": did you mean {close[0]!r}?" if close else ""
