"""What the first call of a compiled function does not do."""

import subprocess
import sys

import numpy as np

LOADS = """
import sys
import numpy as np
import autograd_bp as bp
f = bp.compiled(lambda x: bp.logsumexp(x * 2.0) / bp.sqrt(x[0]))
g = bp.compiled(lambda w, x: bp.exp(bp.dot(w, x)), rows="x")
known = {*sys.modules}
for n in (3, 3000):
    f(np.ones(n)), f.grad(np.ones(n))
g(np.ones(2), np.ones((5, 2))), g.grad(np.ones(2), np.ones((5, 2)))
h = bp.compiled(lambda x: np.sum(np.where(x > 0.5, np.exp(x), x)) + bp.dot([], []))
h(np.ones(3)), h.grad(np.ones(3))
print(*sorted({*sys.modules} - known))
"""

DRAWS = """
import numpy as np
import autograd_bp as bp
def noisy(x):
    return x * np.random.{draw}
f = bp.compiled(noisy)
try:
    print(f(1.0))
except bp.errors.FrozenNumberError:
    print("refused")
"""


def printed(program):
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def test_it_loads_nothing():
    assert printed(LOADS) == ""


def test_a_function_that_is_the_first_to_load_random_numbers_may_not_draw_them():
    assert printed(DRAWS.format(draw="normal()")) == "refused"
    assert printed(DRAWS.format(draw="default_rng(0).normal()")) == str(
        float(np.random.default_rng(0).normal())
    )
