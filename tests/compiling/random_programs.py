"""Random scalar functions over the whole table, for tests that hold programs against the engine."""

from hypothesis import strategies as st

from autograd_bp.primitives import TABLE

# The rows that the library has before tests add rows of their own.
# In some a rounding is magnified, or an input is promised to be in a range. test_special.py and
# test_shares.py compare these on every backend.
ROWS = [
    row
    for row in TABLE
    if row.partials is not None
    and row.name.isidentifier()
    and row.rounding not in ("magnified", "zeros", "shares")
]
NUMBERS = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 1e-300, 1e300]), st.floats(-3.0, 3.0)
)


# Where passes find work: little else than arithmetic, with constants that some of it ignores.
ARITHMETIC = tuple(row for row in ROWS if row.name in ("add", "sub", "mul", "neg", "maximum"))
CONSTANTS = (2.0, -1.0, 1.0, 0.0, -0.0)


class Step:
    """One line: a row, and which earlier numbers it takes."""

    def __init__(self, row, reads):
        self.row, self.reads = row, reads

    def __repr__(self):
        return f"{self.row.name}{tuple(self.reads)}"


@st.composite
def functions(draw, width=3, longest=10, rows=tuple(ROWS)):
    steps = []
    for k in range(draw(st.integers(1, longest))):
        row = draw(st.sampled_from(rows))
        arity = row.arity or 2 * draw(st.integers(1, 2))
        # A constant now and then: the places after the last number.
        last = width + k + len(CONSTANTS) - 1
        reads = draw(st.lists(st.integers(0, last), min_size=arity, max_size=arity))
        steps.append(Step(row, reads))
    return steps


def run(steps, start):
    """All numbers of the function; the constants stand behind the last."""
    numbers = list(start)
    for step in steps:
        known = [*numbers, *CONSTANTS]
        numbers.append(step.row(*[known[k] for k in step.reads]))
    return numbers
