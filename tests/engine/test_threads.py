"""Threads, signals and Ctrl-C: graphs do not disturb each other, and a sweep that is
interrupted leaves the gradients of leaves as they were."""

import contextlib
import signal
import threading
import time

import pytest

import autograd_bp as bp
from autograd_bp import Value, no_recording
from autograd_bp.errors import NestedSweepError

ROUNDS = 60


def in_threads(*functions):
    failures = []

    def guarded(function):
        try:
            function()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def chain(w, n):
    y = w
    for _ in range(n):
        y = y * 1.0 + w
    return y


def test_graphs_in_different_threads_do_not_disturb_each_other():
    def work(n):
        for _ in range(ROUNDS):
            w = Value(2.0)
            chain(w, n).backward()
            assert w.grad == n + 1

    in_threads(*(lambda n=n: work(n) for n in (50, 70, 90, 110)))


def test_a_parameter_that_threads_share_gets_every_gradient():
    w = Value(2.0)

    def work():
        for _ in range(ROUNDS):
            chain(w, 99).backward()

    in_threads(work, work, work, work)
    assert w.grad == 4 * ROUNDS * 100


def test_no_recording_concerns_its_own_thread_only():
    w = Value(2.0)
    inside, checked = threading.Event(), threading.Event()

    def quiet():
        with no_recording():
            inside.set()
            checked.wait(10)
            assert (w * 2).op is None
        assert (w * 2).op is not None

    def recording():
        inside.wait(10)
        assert (w * 2).op is not None
        checked.set()

    in_threads(quiet, recording)


@contextlib.contextmanager
def alarm(handler, seconds):
    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


needs_alarm = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no SIGALRM here")


@pytest.fixture(scope="module")
def large():
    w = Value(1.0)
    return w, chain(w, 200_000)


def shrinking(attempt):
    """Alarms earlier and earlier, until one falls into the sweep."""
    for k in range(12):
        if attempt(0.2 / 2**k):
            return
    pytest.skip("no alarm fell into a sweep")


@needs_alarm
def test_a_sweep_can_be_interrupted_and_leaves_are_then_as_they_were(large):
    w, y = large
    w.grad = 7.0

    def interrupt(*_):
        raise KeyboardInterrupt

    def attempt(seconds):
        start = w.grad
        try:
            with alarm(interrupt, seconds):
                y.backward()
                time.sleep(0.001)
        except KeyboardInterrupt:
            # The signal may also have been handled when the sweep was over: all or nothing.
            interrupted = w.grad == start
            assert interrupted or w.grad == start + 200_001
            w.grad = start
            return interrupted
        w.grad = start
        return False

    shrinking(attempt)
    w.grad = 0.0
    y.backward()
    assert w.grad == 200_001


@needs_alarm
def test_a_sweep_inside_a_sweep_is_refused_by_name(large):
    w, y = large
    seen = []

    def nested(*_):
        try:
            (w * 2).backward()
        except NestedSweepError as error:
            seen.append(str(error))

    def attempt(seconds):
        w.grad = 0.0
        with alarm(nested, seconds):
            y.backward()
        return bool(seen)

    shrinking(attempt)
    assert "inside a sweep" in seen[0]
    w.grad = 0.0
    y.backward()
    assert w.grad == 200_001


def test_other_threads_run_during_a_long_sweep(large):
    w, y = large
    ticks = []
    stop = threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(bp.exp(w).data)
            time.sleep(0)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        y.backward()
    finally:
        stop.set()
        thread.join()
    assert ticks
