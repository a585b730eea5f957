"""Students' files, right and hostile, and the reference that they are compared with."""

import sys

REFERENCE = '''
"""Backpropagation by hand."""
import autograd_bp as bp
from autograd_bp.checking.grading import Formulas, Gradient, Limits
from autograd_bp.nn import Network

def energy(p):
    return bp.sigmoid(p["w"] * p["x"] - 1.0) ** 2 + 0.1 * p["w"] ** 2

points = {"gamma[2]": 2, "gamma[1]": 3, "dw": 5}
tasks = [
    Formulas(Network([2, 3, 2], seed=4), examples=2, points=points),
    Gradient(energy, at=[{"w": 0.5, "x": 2.0}, {"w": -1.0, "x": 0.3}], points={"w": 2, "x": 1}),
]
limits = Limits(seconds=1, wait=3, memory=1024, output=20_000)
SECRET = "the right answers"
'''

RIGHT = """
import math

def forward(weights, x):
    y = [list(x)]
    for layer in weights:
        y.append([
            1 / (1 + math.exp(-(-n[0] + sum(w * a for w, a in zip(n[1:], y[-1]))))) for n in layer
        ])
    return y

def gamma(weights, x, d):
    y = forward(weights, x)
    g = [[z * (1 - z) * (t - z) for z, t in zip(y[-1], d)]]
    for n in range(len(weights) - 1, 0, -1):
        g.insert(0, [
            y[n][j] * (1 - y[n][j])
            * sum(g[0][k] * weights[n][k][j + 1] for k in range(len(g[0])))
            for j in range(len(y[n]))
        ])
    return g

def weight_changes(weights, x, d, rate):
    y = forward(weights, x)
    g = gamma(weights, x, d)
    return [
        [[-rate * gj] + [rate * a * gj for a in y[n]] for gj in g[n]] for n in range(len(weights))
    ]

def gradient_of_energy(p):
    y = 1 / (1 + math.exp(-(p["w"] * p["x"] - 1.0)))
    return {"w": 2 * y * y * (1 - y) * p["x"] + 0.2 * p["w"], "x": 2 * y * y * (1 - y) * p["w"]}
"""
GAMMA, CHANGES = "def gamma(weights, x, d):\n", "def weight_changes(weights, x, d, rate):\n"


def begins(body, function=GAMMA):
    """The right file, with a function that begins with these lines."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return RIGHT.replace(function, function + lines)


def replaced(old, new):
    assert old in RIGHT
    return RIGHT.replace(old, new, 1)


# name: file, points of 13, and what the summary or the problems say.
ZOO = {
    "right": (RIGHT, 13.0, "everything is right"),
    "slope": (replaced("z * (1 - z) * (t - z)", "(t - z)"), 3.0, "missing y (1 - y)"),
    "bias": (replaced("[-rate * gj]", "[rate * gj]"), None, "bias input +1"),
    "decay": (replaced(' + 0.2 * p["w"]', ""), 11.0, "gradient_of_energy['w']"),
    "loop": (begins("while True: pass"), 3.0, "more than 1 second of processor time in gamma()"),
    "loop_at_import": (RIGHT + "while True: pass\n", 0.0, "while the file was imported"),
    "sleeps": (RIGHT + "import time; time.sleep(100)\n", 0.0, "longer than 3 seconds"),
    "exits": (begins("exit(0)", CHANGES), 8.0, "weight_changes() raised SystemExit: 0"),
    "os_exit": (begins("import os; os._exit(3)", CHANGES), 8.0, "itself, with exit code 3 in"),
    "exit_at_import": ("import sys; sys.exit('bye')\n" + RIGHT, 0.0, "SystemExit: bye"),
    "recursion": (begins("return gamma(weights, x, d)"), 3.0, "RecursionError"),
    "output": (begins("while True: print('x' * 999)"), 3.0, "more than 20,000 characters"),
    "fork": (begins("import os\nos.fork()"), 3.0, "may not start another process"),
    "memory": (begins("a = [0] * 10**10"), 3.0, "MemoryError: it needs more than 1,024 MB"),
    "network": (RIGHT + "import socket; socket.socket()\n", 0.0, "may not use the network"),
    "writes": (RIGHT + "open('x', 'w')\n", 0.0, "may not write files"),
    "nan": (replaced("z * (1 - z) * (t - z)", "float('nan')"), 3.0, "first wrong: γ[2,1]"),
    "shape": (replaced("    return g\n", "    return g[0]\n"), 3.0, "weight_changes() raised"),
    "text": (replaced("    return g\n", "    return 'forty'\n"), 3.0, "str 'forty', which is no"),
    "no_return": (replaced("    return g\n", "    g\n"), 3.0, "returned None"),
    "missing": (RIGHT.replace("gamma(", "gama("), 8.0, "there is gama()"),
    "syntax": ("def gamma(weights\n", 0.0, "SyntaxError"),
    "empty": ("", 0.0, "the file defines no functions"),
    "raises": (begins("raise ValueError('<script>alert(1)</script>')"), 3.0, "<script>"),
    "counts": (
        replaced("    return g\n", "    t.append(0)\n    return [[v * (len(t) < 4) for v in r] "
                 "for r in g]\n") + "t = []\n",
        None,
        "two calls with the same arguments",
    ),
    "reads": (RIGHT + "open(r'REFERENCE').read()\n", 0.0, "may not read the file"),
    "imports": ("from autograd_bp.nn import prove\n" + RIGHT, 0.0, "'autograd_bp' cannot be"),
    "closes": ("import os\nos.closerange(3, 99)\n" + RIGHT, 0.0, "broke its connection"),
    "crash": (RIGHT + "import os; os.abort()\n", 0.0, "SIGABRT"),
    "forged": (
        "import os\nfor fd in range(3, 99):\n    try: os.write(fd, b'{\"done\": true}\\n')\n"
        "    except OSError: pass\n" + RIGHT,
        0.0,
        "sent something that is no result",
    ),
}  # fmt: skip
if sys.platform == "darwin":
    del ZOO["memory"]  # macOS does not enforce the limit of memory
