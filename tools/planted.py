"""Faults for mutate.py: those of the printers, and those of the table that change nothing."""

from __future__ import annotations

SWEEP = "tests/engine/test_sweep.py"
ZEROS = "tests/derivatives/test_zero_times_infinity.py"
RANGES = "tests/derivatives/test_ranges.py"
GATES = "tests/engine/test_columns.py -k gate"
TABLE = "tests/engine/test_primitives.py"
C = "tests/compiling/test_c.py -k 'every_kind_of_number or constants_are_exact'"
PAGE = "tests/stepping/test_page_functions.py"
JAVASCRIPT = "tests/stepping/test_javascript.py -k computed_as_python"
LLVM = "tests/compiling/test_llvm.py -k 'kind_of_number and portable'"
SYMBOLIC = "tests/engine/test_symbolic_printers.py"
FORMULAS = "tests/drawing/test_formulas.py"

# A file, a piece of it that occurs once, what to put there, and the tests that must fail.
PLANTED: list[tuple[str, str, str, str]] = [
    # the chain rule
    (
        "autograd_bp/backprop.py",
        "parent._grad += gradient * node._d_first",
        "parent._grad += gradient * (node._d_first + 1.0)",
        SWEEP,
    ),
    (
        "autograd_bp/backprop.py",
        "parent._grad += gradient * partials[k]",
        "parent._grad += gradient",
        SWEEP,
    ),
    (
        "autograd_bp/backprop.py",
        "return not flags & kernels.GATE and (parent._code",
        "return (parent._code",
        GATES,
    ),
    (
        "autograd_bp/backprop.py",
        "node._d_second = node._grad\n",
        "node._d_second = 0.0\n",
        SWEEP,
    ),
    (
        "autograd_bp/backprop.py",
        "if node._mark != reached:\n            continue",
        "if node._grad == 0.0:\n            continue",
        ZEROS,
    ),
    (
        "autograd_bp/backprop.py",
        "and (parent._code < 0 or gradient - gradient != 0.0)",
        "",
        ZEROS,
    ),
    (
        "autograd_bp/derivatives/policies.py",
        "if k not in self._reached and not math.isfinite(data(partial)):\n            return None",
        "if data(gradient) == 0.0 and not math.isfinite(data(partial)):\n            return None",
        ZEROS,
    ),
    (
        "autograd_bp/derivatives/policies.py",
        "return self._where(self.reached(k), amount, partial)",
        "return self._where(self._passes[k][0].amount, amount, partial)",
        ZEROS,
    ),
    (
        "autograd_bp/derivatives/range_rules.py",
        "smallest = max(operand.low, -operand.high, 0.0)",
        "smallest = 1.0",
        RANGES,
    ),
    # the functions of Python
    (
        "autograd_bp/printers/python.py",
        'return f"ieee754.divide({arguments})"',
        'return f"ieee754.divide({arguments} + 1.0)"',
        f"{TABLE} -k div",
    ),
    (
        "autograd_bp/printers/python.py",
        "return sign + self._part(parts[0], own), own",
        "return sign + self._part(parts[0], own - 3), own",
        f"{TABLE} -k log_sigmoid",
    ),
    (
        "autograd_bp/printers/python.py",
        '"NAN" if x != x else "INF" if x > 0.0 else "-INF"',
        '"NAN" if x != x else "-INF" if x > 0.0 else "INF"',
        f"{TABLE} -k logsumexp",
    ),
    # C
    (
        "autograd_bp/printers/c.py",
        '_OPERATORS = {"and": "&&", "or": "||"}',
        '_OPERATORS = {"and": "||", "or": "&&"}',
        C,
    ),
    (
        "autograd_bp/printers/c.py",
        "a, b = self._part(parts[0], own), self._part(parts[1], own + 1)",
        "a, b = self._part(parts[0], own), self._part(parts[1], own)",
        C,
    ),
    (
        "autograd_bp/printers/c.py",
        "return repr(x) if math.copysign(1.0, x) > 0",
        "return repr(abs(x)) if x",
        C,
    ),
    (
        "autograd_bp/printers/overrides.py",
        "return ldexp(sqrt(y), exponent);",
        "return ldexp(sqrt(y), -exponent);",
        C,
    ),
    # the page
    (
        "autograd_bp/printers/javascript.py",
        '"isfinite": "Number.isFinite"',
        '"isfinite": "Number.isNaN"',
        PAGE,
    ),
    (
        "autograd_bp/printers/javascript.py",
        'return f"Math.abs({self._part(node.parts[0], -1)}) == Infinity"',
        'return f"Math.abs({self._part(node.parts[0], -1)}) > 2"',
        PAGE,
    ),
    (
        "autograd_bp/printers/javascript.py",
        'else f"(-{text})"',
        'else f"({text})"',
        PAGE,
    ),
    (
        "autograd_bp/printers/functions.py",
        'javascript="copysign"',
        'javascript="Math.hypot"',
        JAVASCRIPT,
    ),
    (
        "autograd_bp/stepping/library.js",
        "return sign < 0 || Object.is(sign, -0) ? -x : x;",
        "return sign < 0 ? x : -x;",
        PAGE,
    ),
    (
        "autograd_bp/stepping/sweep.js",
        "grad[parent] += gradient * partial;",
        "grad[parent] += gradient + partial;",
        PAGE,
    ),
    (
        "autograd_bp/stepping/sweep.js",
        "const stops = partial === 0 && (node.gate || Number.isFinite(gradient));",
        "const stops = false;",
        PAGE,
    ),
    # machine code
    (
        "autograd_bp/printers/llvm.py",
        '"<": "olt", ">": "ogt"',
        '"<": "olt", ">": "oge"',
        LLVM,
    ),
    (
        "autograd_bp/printers/llvm.py",
        '"==": "oeq"',
        '"==": "one"',
        LLVM,
    ),
    (
        "autograd_bp/printers/llvm.py",
        'self._with_infinity("olt", x)',
        'self._with_infinity("ole", x)',
        LLVM,
    ),
    (
        "autograd_bp/printers/llvm.py",
        "{w.number} {yes}, {w.number} {no}",
        "{w.number} {no}, {w.number} {yes}",
        LLVM,
    ),
    # SymPy and mpmath
    (
        "autograd_bp/printers/functions.py",
        '"cbrt": "lambda x: sympy.real_root(x, 3)"',
        '"cbrt": "lambda x: sympy.real_root(x, 2)"',
        SYMBOLIC,
    ),
    (
        "autograd_bp/printers/functions.py",
        '"pow": "lambda a, b: mp.mpf(1) if b == 0 else mp.power(a, b)"',
        '"pow": "lambda a, b: mp.mpf(1) if b == 0 else mp.power(b, a)"',
        SYMBOLIC,
    ),
    (
        "autograd_bp/printers/sympy.py",
        '"max" if above is a else "min"',
        '"min" if above is a else "max"',
        SYMBOLIC,
    ),
    # formulas
    (
        "autograd_bp/notation/maths.py",
        '"product": Operator(PRODUCT, (PRODUCT,))',
        '"product": Operator(PRODUCT, (SUM,))',
        FORMULAS,
    ),
    (
        "autograd_bp/notation/maths.py",
        '"power": Operator(POWER, (ATOM, ATOM), apart=(1,))',
        '"power": Operator(POWER, (SUM, ATOM), apart=(1,))',
        FORMULAS,
    ),
]

# Faults that change no number: a primitive, what is there, what would be.
SCALED = "choose(largest == 0.0, {}, x / largest)"
EQUIVALENT: set[tuple[str, str, str]] = {
    # the condition before it has answered
    ("threshold", "x < 0.0", "x < 1.0"),
    ("heaviside", "a < 0.0", "a < 1.0"),
    ("power_logarithm", "b < 0.0", "b < 1.0"),
    # the numbers are the same there
    ("sign", "x == 0.0", "x == 1.0"),
    ("sigmoid", "x >= 0.0", "x > 0.0"),
    ("power_logarithm", "b >= 0.0", "b > 0.0"),
    ("heaviside", "nonzero(a) * -1.0", "nonzero(a) / -1.0"),
    ("norm", SCALED.format("0.0"), SCALED.format("1.0")),
    # only compared with 0 or with infinity
    ("norm", "infinite=0.0", "infinite=1.0"),
    # lost beside numbers whose sum overflows
    ("mean", "small=0.0", "small=1.0"),
    # zeros are equal, and both forms are exact around there
    ("silu", "-0.0", "0.0"),
    ("silu", "-700.0", "-701.0"),
    # 0 times it, and what is read only where it says the same
    *[
        ("cross_entropy", "1.0 / (1.0 + (others + ones))", f"{after} (1.0 + (others + ones))")
        for after in ("1.0 *", "2.0 /")
    ],
    ("cross_entropy", "others + ones", "others - ones"),
    # the domains of what serves softmax alone say what it gets there
    *[
        (name, "(0.0, 1.0)", after)
        for name in ("share", "share_slope", "other_shares")
        for after in ("(1.0, 0.0)", "(1.0, 1.0)", "(0.0, 2.0)")
    ],
    ("other_shares", "(0.0, INF)", "(INF, 0.0)"),
    ("other_shares", "(0.0, INF)", "(1.0, INF)"),
    ("log_share", "(-INF, 0.0)", "(-INF, 1.0)"),
    ("log_share", "(-INF, 0.0)", "(0.0, -INF)"),
    ("polygamma_difference_1", "(0.0, INF)", "(1.0, INF)"),
    ("polygamma_difference_1", "(0.0, INF)", "(INF, 0.0)"),
    # of two forms that agree there the other one
    ("ndtri", "1.0 - x", "1.0 + x"),
    ("ndtri", "1.0 - x", "2.0 - x"),
    ("erfinv", "less(x, 0.0)", "less(x, 1.0)"),
    ("erfinv", "1.0 + x", "1.0 - x"),
    ("erfinv", "1.0 - x", "1.0 + x"),
    ("log_share", "(0.0, INF)", "(INF, 0.0)"),
    ("log_share", "(0.0, INF)", "(1.0, INF)"),
    ("digamma_difference", "(0.0, INF)", "(INF, 0.0)"),
    ("digamma_difference", "(0.0, INF)", "(1.0, INF)"),
    # the sign is 1 or -1, and only asked whether it is 1
    (
        "copysign",
        "sign(a) * where(b, sign(b), sign(div(1.0, b)))",
        "sign(a) / where(b, sign(b), sign(div(1.0, b)))",
    ),
    ("log_share", "1.0 - nonzero(z)", "1.0 + nonzero(z)"),
    ("logit", "x < 0.65", "x < 1.65"),
    # they differ where two logits are the largest: then what is beside one is not asked for
    ("cross_entropy", "1.0 + (others + ones)", "1.0 - (others + ones)"),
    # products and squares of differences do not mind the order
    ("dot", "(left, right)", "(right, left)"),
    ("dot", "(a, b)", "(b, a)"),
    ("performance", "(d, z)", "(z, d)"),
}
