"""Measures `train` on one process and on clusters on this machine, and writes SPREAD.md."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from autograd_bp.nn import Network
from autograd_bp.training import train
from benchmarks.machine import cpu

WIDTH, HIDDEN, STEPS, BLOCK = 20, 32, 10, 16_384
ROWS = (65_536, 524_288, 2_097_152)
WORKERS = (1, 2)
PAGE = Path(__file__).parents[1] / "SPREAD.md"

TEXT = """# Rows on a Dask cluster

Written by `python -m benchmarks.spread` on {machine}, with the scheduler and the worker processes
on the same {cores} cores; the machine was shared. The network is {width}-{hidden}-1, a step takes
all rows, and the time is that of {steps} steps after the first one, in which the chunks are made
and the program is prepared. Chunks have {chunk:,} rows, blocks {block:,}.

| rows | one process, one thread | 1 worker | 2 workers | same weights |
|---|---|---|---|---|
{lines}

Numbers are millions of rows a second. Two workers share two cores with the scheduler, so this
table says what a cluster costs, and not how far it scales. {verdict}
"""


def table(rows: int, seed: int) -> tuple[Any, Any]:
    """Rows and their answers."""
    generator = np.random.default_rng(seed)
    X = generator.normal(size=(rows, WIDTH))
    return X, (X[:, :3].sum(axis=1) > 0).astype(float)


def timed(data: Any, rows: int) -> tuple[float, Any]:
    """Rows a second, and the weights."""
    network = Network([WIDTH, HIDDEN, 1], seed=0)
    moments: list[float] = []
    train(
        network,
        data,
        rate=1.0,
        epochs=STEPS + 1,
        block=BLOCK,
        on_epoch=lambda _: moments.append(time.perf_counter()),
    )
    return rows * STEPS / (moments[-1] - moments[0]), network.weights


def on_cluster(workers: int, rows: int, chunk: int) -> tuple[float, Any]:
    """The same on a cluster on this machine, which makes the rows of each chunk itself."""
    import dask
    import dask.array as da
    from distributed import Client, LocalCluster

    parts = [dask.delayed(table, nout=2)(chunk, k) for k in range(rows // chunk)]
    X = da.concatenate([da.from_delayed(x, (chunk, WIDTH), float) for x, _ in parts])
    D = da.concatenate([da.from_delayed(d, (chunk,), float) for _, d in parts])
    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        Client(cluster),
    ):
        return timed((X, D), rows)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="few rows, nothing is written")
    quick = options.parse_args().quick
    lines, ratios, chunk = [], [], 65_536
    for rows in (131_072,) if quick else ROWS:
        parts = [table(chunk, k) for k in range(rows // chunk)]
        X, D = (np.concatenate(part) for part in zip(*parts, strict=True))
        local, weights = timed((X, D), rows)
        del X, D
        results = [on_cluster(workers, rows, chunk) for workers in WORKERS]
        same = all(other == weights for _, other in results)
        speeds = [speed for speed, _ in results]
        ratios.append(speeds[-1] / local)
        shown = " | ".join(f"{speed / 1e6:.2f}" for speed in (local, *speeds))
        lines.append(f"| {rows:,} | {shown} | {'yes' if same else 'NO'} |")
        print(lines[-1], flush=True)
    reached = [r for r, ratio in zip(ROWS, ratios, strict=False) if ratio > 1.0]
    verdict = (
        f"Two workers are quicker than one thread of one process from {reached[0]:,} rows on."
        if reached
        else "Two workers were not quicker than one thread of one process at any size here."
    )
    if not quick:
        PAGE.write_text(
            TEXT.format(
                machine=cpu(),
                cores=os.cpu_count(),
                width=WIDTH,
                hidden=HIDDEN,
                steps=STEPS,
                chunk=chunk,
                block=BLOCK,
                lines="\n".join(lines),
                verdict=verdict,
            ),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
