"""What is recorded is freed: also after a refusal in the middle of an operation, with labels,
with weak references, with subclasses. Counted in references, and in the memory of a process."""

import gc
import subprocess
import sys
import weakref

import pytest

import autograd_bp as bp
from autograd_bp import Value, no_recording
from autograd_bp.errors import AutogradError


def references(value):
    gc.collect()
    return sys.getrefcount(value)


def graphs(w, x):
    y = w * x + 1.0
    z = bp.dot([w, x, 2.0], [x, y, w], y) + bp.where(y > 0, y, w)
    return bp.softmax([z, y, w])[0] - bp.logsumexp([y, 2.0])


def sweep_it(w, x):
    graphs(w, x).backward()


def drop_it(w, x):
    graphs(w, x)


def quietly(w, x):
    with no_recording():
        graphs(w, x)


def refuse_it(w, x):
    with pytest.raises(AutogradError):
        bp.threshold(graphs(w, x)).backward()


def fail_in_a_list(w, x):
    with pytest.raises(AutogradError):
        bp.dot([w, x, w], [x, w, "text"])


def fail_in_an_operator(w, x):
    with pytest.raises(TypeError):
        w * x + "text"


def label_it(w, x):
    y = w * x
    y.label = "product"
    weakref.finalize(y, int)
    bp.exp(y).backward()


def copy_it(w, x):
    import copy
    import pickle

    copy.deepcopy(pickle.loads(pickle.dumps(graphs(w, x)))).backward()
    copy.copy(graphs(w, x))


@pytest.mark.parametrize(
    "work",
    [sweep_it, drop_it, quietly, refuse_it, fail_in_a_list, fail_in_an_operator, label_it, copy_it],
    ids=lambda work: work.__name__,
)
def test_no_reference_is_left_behind(work):
    w, x = Value(0.5, "w"), Value(2.0)
    work(w, x)
    before = references(w), references(x)
    for _ in range(50):
        work(w, x)
    assert (references(w), references(x)) == before


def test_a_leak_would_be_counted():
    w = Value(0.5)
    before = references(w)
    kept = [w * 2 for _ in range(50)]
    assert references(w) == before + 50
    assert len(kept) == 50


def test_a_rule_that_raises_leaves_nothing_behind():
    program = """
import gc, sys
from autograd_bp import Value, primitive
@primitive(partials=lambda a, b, y: (1.0, 1.0), name="fussy")
def fussy(a, b):
    raise ArithmeticError("not today")
@primitive(partials=lambda *x, y: ("text",) * len(x), name="wordy")
def wordy(*x):
    return 1.0
w = Value(0.5)
before = sys.getrefcount(w)
for _ in range(100):
    for call in (lambda: fussy(w, w), lambda: wordy(w, w, w)):
        try:
            call()
        except (ArithmeticError, ValueError, TypeError):
            pass
        else:
            raise SystemExit("nothing was raised")
gc.collect()
assert sys.getrefcount(w) == before, (sys.getrefcount(w), before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_memory_stays_flat_over_many_graphs():
    pytest.importorskip("resource")
    program = """
import resource
import autograd_bp as bp
from autograd_bp import Value, core
w = Value(0.5)
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def work(n):
    for _ in range(n):
        y = bp.dot([w, w], [w, 2.0])
        for _ in range(10):
            y = y * w + 1.0
        y.backward()
work(2_000)
before = peak()
work(20_000 if not core.is_native() else 200_000)
print(peak() - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # In kilobytes (bytes on macOS): one leaked node for each graph would be 1,600 and more.
    assert int(done.stdout) < (500 if sys.platform != "darwin" else 500_000)


def test_a_large_graph_gives_its_memory_back_for_the_next():
    pytest.importorskip("resource")
    program = """
import resource
from autograd_bp import Value, core
def work():
    y = Value(1.0)
    for _ in range(300_000 if core.is_native() else 60_000):
        y = y + 1.0
    y.backward()
work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(3):
    work()
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 0.2
