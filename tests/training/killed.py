"""Trainings that are killed at random moments and go on: `python killed.py KILLS SEED [ROUNDS]`.

Each training is a process that is forked, killed by SIGKILL at a random moment, and started again
from its checkpoint, until it finishes. What it ends with is compared with an uninterrupted one, bit
for bit: weights, history, and the state of the optimiser. It prints how many kills there were.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import autograd_bp as bp
from autograd_bp.nn import Network
from autograd_bp.training import Callback, Checkpoint, train

OPTIONS = [
    {"optimiser": "adam", "block": 5, "batch": 10, "schedule": "cosine", "clip_norm": 1.0},
    {"optimiser": "lbfgs", "block": 8, "frozen": ["layers.0.neurons.0.*"], "patience": 500},
    {"optimiser": "ascent", "rate": 0.3, "compiled": True},
    {"optimiser": "adam", "schedule": "cosine", "compiled": True, "patience": 500},
    {"optimiser": "momentum", "batch": 3, "compiled": True, "clip_norm": 1.0, "decay": 1e-3},
    {"optimiser": "rmsprop", "schedule": "warm-up:2:plateau:2", "compiled": False},
    {"optimiser": "lbfgs", "compiled": True},
    {"optimiser": "levenberg-marquardt", "compiled": True},
    {"optimiser": "nesterov", "batch": 4, "frozen": ["layers.0.neurons.0.*"], "compiled": False},
    {"optimiser": "rprop", "clip_value": 0.5, "compiled": True},
    {"optimiser": "ascent", "rate": 0.3, "compiled": False},
]


class Counted(Callback):
    """Has a state of its own, and a step that takes a little while, so that kills hit it."""

    def __init__(self, pause):
        self.epochs, self.sum, self.pause = 0, 0.0, pause

    def after_epoch(self, progress):
        self.epochs += 1
        self.sum += progress.epoch.P
        time.sleep(self.pause)

    def state_dict(self):
        return {"epochs": self.epochs, "sum": self.sum}

    def load_state_dict(self, state):
        self.epochs, self.sum = state["epochs"], state["sum"]


class CountedSteps(Counted):
    """The same, and it sees each step."""

    def after_step(self, progress):
        time.sleep(self.pause / 20)


class Noisy(Network):
    """Draws random numbers for each row."""

    def __call__(self, x):
        return super().__call__([number + 0.05 * bp.random.normal() for number in x])


def rows():
    numbers = random.Random(5)
    points = [[numbers.uniform(-1, 1) for _ in range(3)] for _ in range(41)]
    return [(x, [float(x[0] * x[1] > 0), x[2] ** 2]) for x in points]


def run(options, path, every, pause):
    """Train, or go on; what it ended with."""
    data, counted = rows(), (CountedSteps if every.pop("slowly", 0) else Counted)(pause)
    network = Noisy([3, 4, 2], seed=1)
    history = train(
        network,
        data[:33],
        held_out=data[33:],
        epochs=30,
        seed=2,
        callbacks=[counted],
        checkpoint=None if path is None else Checkpoint(path, **every),
        resume=None if path is None else True,
        **options,
    )
    return {
        "weights": list(network.state_dict().values()),
        "history": [list(epoch) for epoch in history.epochs],
        "callback": counted.state_dict(),
        "stopped": history.stopped,
    }


def child(options, path, every, pause, result):
    """Run in a process of its own; its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        Path(result).write_text(json.dumps(run(options, path, every, pause)))
        code = 0
    finally:
        os._exit(code)


def killed(options, kills, chance, folder):
    """Kill a training so often, if it lives so long. Returns how often, and what it ended with."""
    path, result = str(Path(folder, "run.json")), Path(folder, "result.json")
    every = chance.choice([{"steps": chance.randint(1, 60)}, {"seconds": 0.002}])
    every["slowly"] = chance.random() < 0.5
    done = 0
    while True:
        pid = child(options, path, dict(every), 0.002, result)
        if done < kills:
            time.sleep(chance.uniform(0.01, 0.08))
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            done += 1
            continue
        if status:
            raise SystemExit("the training failed")
        return done, json.loads(result.read_text())


def main(kills, seed):
    chance, total, turn = random.Random(seed), 0, 0
    while total < kills:
        options = OPTIONS[turn % len(OPTIONS)]
        turn += 1
        with tempfile.TemporaryDirectory() as folder:
            done, ended = killed(options, min(4, kills - total), chance, folder)
            left = [name for name in os.listdir(folder) if name not in ("run.json", "result.json")]
        whole = json.loads(json.dumps(run(options, None, {}, 0.0)))
        if ended != whole:
            raise SystemExit(f"after {done} kills it ended elsewhere: {options}\n{ended}\n{whole}")
        if left:
            raise SystemExit(f"{left} was left behind")
        total += done
    print(f"{total} kills, {turn} trainings, no bit differs")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
