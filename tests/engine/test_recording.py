"""no_recording: numbers only, for the thread or task that asked, and for no other."""

import asyncio
import threading

import pytest

import autograd_bp as bp
from autograd_bp import Value, no_recording


def test_nothing_is_recorded_inside_and_the_numbers_are_the_same():
    x, w = Value(0.5), Value(2.0)
    recorded = [x * w, -x, bp.sigmoid(x), bp.dot([x, w], [w, x]), bp.hypot(x, w), x**2]
    with no_recording():
        plain = [x * w, -x, bp.sigmoid(x), bp.dot([x, w], [w, x]), bp.hypot(x, w), x**2]
    for a, b in zip(recorded, plain, strict=True):
        assert b.data == a.data
        assert (b.op, b.parents, b.partials) == (None, (), ())
        assert not b.is_constant


def test_recording_goes_on_afterwards_also_after_an_error():
    x = Value(0.5)
    with pytest.raises(RuntimeError), no_recording():
        raise RuntimeError
    assert (x * 2).parents[0] is x


def test_blocks_nest():
    x = Value(0.5)
    with no_recording():
        with no_recording():
            assert (x * 2).op is None
        assert (x * 2).op is None
    assert (x * 2).op is not None


def test_a_sweep_inside_reaches_what_was_recorded_before():
    x = Value(0.5)
    y = x * x
    with no_recording():
        y.backward()
    assert x.grad == 1.0


def test_it_works_as_a_decorator():
    @no_recording()
    def predict(x):
        return x * 2

    assert predict(Value(1.0)).op is None
    assert (Value(1.0) * 2).op is not None


def test_other_threads_record_on():
    x = Value(0.5)
    inside, outside = threading.Event(), threading.Event()
    seen = {}

    def infer():
        with no_recording():
            inside.set()
            outside.wait(10)
            seen["infers"] = (x * 2).op, bp.sum([x, x]).op

    thread = threading.Thread(target=infer)
    thread.start()
    assert inside.wait(10)
    seen["records"] = (x * 2).op, bp.sum([x, x]).op
    outside.set()
    thread.join()
    assert seen["infers"] == (None, None)
    assert [op.name for op in seen["records"]] == ["mul", "sum"]


def test_other_tasks_record_on():
    x = Value(0.5)

    async def infer(started, finish):
        with no_recording():
            started.set()
            await finish.wait()
            return (x * 2).op

    async def record(started, finish):
        await started.wait()
        op = (x * 2).op
        finish.set()
        return op

    async def both():
        started, finish = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(infer(started, finish), record(started, finish))

    inferred, recorded = asyncio.run(both())
    assert inferred is None
    assert recorded.name == "mul"


def test_threads_can_build_and_sweep_graphs_of_their_own_at_once():
    results = {}

    def work(k):
        for _ in range(50):
            x = Value(float(k))
            y = x
            for _ in range(100):
                y = y + x
            y.backward()
            results[k] = x.grad

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == dict.fromkeys(range(4), 101.0)
