"""What the first call of a compiled function does not do."""

import subprocess
import sys

import numpy as np
import pytest

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
print(*sorted(name for name in {*sys.modules} - known if not name.startswith("autograd_bp")))
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


@pytest.mark.skipif(int(np.__version__.partition(".")[0]) < 2, reason="NumPy 1 loads all at once")
def test_it_loads_nothing_of_numpy():
    assert not [name for name in printed(LOADS).split() if name.startswith("numpy")]


def test_a_function_that_is_the_first_to_load_random_numbers_may_not_draw_them():
    assert printed(DRAWS.format(draw="normal()")) == "refused"
    assert printed(DRAWS.format(draw="default_rng(0).normal()")) == str(
        float(np.random.default_rng(0).normal())
    )
