"""Blocks of code in generators, coroutines, tasks and threads: no_recording and no_branching."""

import asyncio
import contextlib
import gc
import threading

import pytest

import autograd_bp as bp
from autograd_bp import Value, no_recording
from autograd_bp.contexts import is_recording, may_branch, no_branching, recording
from autograd_bp.errors import BranchError, OperandError

w = Value(2.0)


def records():
    """Whether an operation is recorded here, asked in every way that records."""
    seen = {
        (w * w).op is not None,
        bp.exp(w).op is not None,
        bp.sum([w, w]).op is not None,
        bp.hypot(w, w).op is not None,
        is_recording.get(),
    }
    assert len(seen) == 1
    return seen.pop()


def quiet(steps=2):
    with no_recording():
        for _ in range(steps):
            yield records()
    yield records()


def delegating():
    yield from quiet()


def by_stack():
    with contextlib.ExitStack() as stack:
        stack.enter_context(no_recording())
        yield records()
        yield records()
    yield records()


@contextlib.contextmanager
def evaluation():
    with no_recording():
        yield


def by_own_manager():
    with evaluation():
        yield records()
        yield records()
    yield records()


class Mode:
    def __enter__(self):
        self.block = no_recording()
        self.block.__enter__()

    def __exit__(self, *error):
        return self.block.__exit__(*error)


def by_own_class():
    with Mode():
        yield records()
        yield records()
    yield records()


@no_recording()
def decorated():
    yield records()
    yield records()


GENERATORS = [quiet, delegating, by_stack, by_own_manager, by_own_class]


@pytest.mark.parametrize("generator", [*GENERATORS, decorated])
def test_the_code_that_uses_a_suspended_generator_records(generator):
    steps = generator()
    assert next(steps) is False
    assert records()
    assert next(steps) is False
    assert records()
    assert list(steps) == ([] if generator is decorated else [True])
    assert records()


@pytest.mark.parametrize("first", GENERATORS)
@pytest.mark.parametrize("second", GENERATORS)
def test_generators_may_be_interleaved(first, second):
    a, b = first(), second()
    assert (next(a), next(b), records()) == (False, False, True)
    assert (next(a), records(), next(a), records()) == (False, True, True, True)  # a has ended
    assert (next(b), records(), next(b), records()) == (False, True, True, True)


@pytest.mark.parametrize("end", ["close", "throw", "delete", "forget in a cycle"])
def test_a_generator_that_does_not_reach_its_end_leaves_nothing_behind(end):
    steps = quiet()
    next(steps)
    if end == "close":
        steps.close()
    elif end == "throw":
        with pytest.raises(ValueError, match="stop"):
            steps.throw(ValueError("stop"))
    elif end == "delete":
        del steps
    else:
        cycle = [steps]
        cycle.append(cycle)
        del steps, cycle
        gc.collect()
    assert records()
    with no_recording():
        assert not records()
    assert records()
    assert is_recording.innermost.get() is None


def test_blocks_of_the_caller_and_of_generators_overlap_in_any_order():
    early = quiet()
    next(early)
    with no_recording():
        late = quiet()
        assert (next(late), records()) == (False, False)
        assert (next(early), records(), next(early), records()) == (False, False, False, False)
    assert records()
    assert (next(late), records(), next(late)) == (False, True, True)
    assert is_recording.innermost.get() is None


def test_many_generators_one_after_another_leave_no_chain():
    open_ones = [quiet()]
    next(open_ones[0])
    for _ in range(100):
        following = quiet()
        next(following)
        open_ones.append(following)
        open_ones.pop(0).close()
    length, block = 0, is_recording.innermost.get()
    while block is not None:
        length, block = length + 1, block._outer
    assert length <= 2
    open_ones.pop().close()


def test_a_block_that_a_running_generator_opened_outside_is_not_undone_by_grad():
    def numbers():
        with no_recording():
            while True:
                yield w.data * (w * 1.0), records()

    steps = numbers()
    next(steps)

    def loss(x):
        y, recorded = next(steps)  # runs inside the block that grad opened
        assert not recorded
        assert records()
        return x * y

    assert bp.grad(loss)(3.0).data == 4.0


def test_grad_records_inside_the_block_of_a_generator():
    def slopes():
        with no_recording():
            yield bp.grad(lambda x: x * x)(3.0), records()

    assert next(slopes()) == (6.0, False)


def test_a_generator_that_is_a_context_manager_serves_its_user():
    with evaluation():
        assert not records()
        assert (next(quiet()), records()) == (False, False)
    assert records()
    with contextlib.ExitStack() as stack:
        stack.enter_context(evaluation())
        assert not records()
    with Mode():
        assert not records()
    assert records()


@pytest.fixture
def inference():
    with no_recording():
        yield


@pytest.mark.usefixtures("inference")
def test_a_fixture_with_a_block_serves_its_test():
    assert not records()


def test_one_block_may_be_used_again_also_inside_itself():
    block = no_recording()
    for _ in range(2):
        with block:
            with block:
                assert not records()
            assert not records()
        assert records()


def test_an_error_closes_the_block_of_a_generator():
    def failing():
        with no_recording():
            yield
            raise ValueError("inside")

    steps = failing()
    next(steps)
    with pytest.raises(ValueError, match="inside"):
        next(steps)
    assert records()


# ------------------------------------------------------------------------- coroutines and tasks
def test_tasks_that_start_inside_a_block_belong_to_it_while_it_is_open():
    async def child(ready):
        before = records()
        await ready.wait()
        return before, records()

    async def parent():
        ready = asyncio.Event()
        with no_recording():
            task = asyncio.create_task(child(ready))
            await asyncio.sleep(0)
            in_thread = await asyncio.to_thread(records)
        ready.set()
        return await task, in_thread, records()

    assert asyncio.run(parent()) == ((False, True), False, True)


def test_asynchronous_generators_and_context_managers():
    async def steps():
        with no_recording():
            await asyncio.sleep(0)
            yield records()
            await asyncio.sleep(0)
            yield records()

    @contextlib.asynccontextmanager
    async def mode():
        with no_recording():
            yield

    @no_recording()
    async def infer():
        await asyncio.sleep(0)
        return records()

    @no_recording()
    async def decorated_steps():
        yield records()

    async def run():
        seen = [(step, records()) async for step in steps()]
        async with mode():
            seen.append(records())
            await asyncio.sleep(0)
            seen.append(records())
        seen += [records(), await infer(), records()]
        seen += [(step, records()) async for step in decorated_steps()]
        return seen

    inside = (False, True)
    assert asyncio.run(run()) == [inside, inside, False, False, True, False, True, inside]


def test_tasks_interleave_their_blocks():
    async def alternate(pause):
        for _ in range(3):
            with no_recording():
                await asyncio.sleep(0)
                assert not records()
                for _ in range(pause):
                    await asyncio.sleep(0)
            assert records()
            await asyncio.sleep(0)
            assert records()

    async def run():
        await asyncio.gather(*(alternate(pause) for pause in range(5)))

    asyncio.run(run())


# -------------------------------------------------------------------------------------- threads
def in_thread(function):
    results = []
    thread = threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join()
    return results[0]


def test_a_generator_may_move_to_another_thread():
    steps = quiet(steps=3)
    assert next(steps) is False
    in_thread(lambda: next(steps))  # the block belongs to the first thread
    assert records()
    assert in_thread(records)
    assert next(steps) is False
    in_thread(steps.close)
    assert records()
    with no_recording():
        assert not records()
    assert records()


def test_a_generator_that_runs_in_another_thread_does_not_cut_graphs_here():
    running, checked = threading.Event(), threading.Event()

    def waiting():
        with no_recording():
            yield
            running.set()
            checked.wait(10)
            yield

    steps = waiting()
    next(steps)
    thread = threading.Thread(target=lambda: next(steps))
    thread.start()
    assert running.wait(10)
    assert records()
    checked.set()
    thread.join()
    steps.close()


# ---------------------------------------------------------------------------------- no_branching
def test_a_suspended_generator_does_not_forbid_its_user_to_compare():
    def tracing():
        with no_branching():
            yield may_branch.get()

    steps = tracing()
    assert next(steps) is False
    assert w > 1.0
    steps.close()
    with no_branching(), pytest.raises(BranchError):
        assert w > 1.0


def test_recording_inside_no_recording_and_back():
    with no_recording():
        with recording():
            assert records()
            with no_recording():
                assert not records()
            assert records()
        assert not records()


def test_the_block_is_a_decorator_without_brackets_too():
    x = Value(3.0)

    @no_recording
    def doubled(x):
        """Twice the number."""
        return 2 * x

    @no_recording
    def items(x):
        yield 2 * x

    assert doubled(x).op is None
    assert doubled.__doc__ == "Twice the number."
    assert [(y.op, (y * x).op.name) for y in items(x)] == [(None, "mul")]
    with pytest.raises(OperandError, match="with no_recording"):
        no_recording(x)
