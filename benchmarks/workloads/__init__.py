"""What is measured. A file here holds a WORKLOAD, or several in TABLES."""

ENGINE = ("expressions", "moons", "chains", "products", "dots", "neurons", "gpt", "digits")
BATCHES = tuple(f"{kind}-{rows}" for kind in ("relu", "sigmoid") for rows in (100, 1000, 10000))
COMPILING = ("compile-networks", "compile-graphs")
COMPILER = ("calls", *BATCHES, "prices", *COMPILING, "gpt-compiled")
READY = ("ready",)
INTERPRETED = ("interpreted",)
COMPAT = ("compat",)

MODULES = {
    name: f"benchmarks.workloads.{name}"
    for name in (*ENGINE, "calls", "prices", *READY, *INTERPRETED, *COMPAT)
}
MODULES |= {name: f"benchmarks.workloads.batches:{name}" for name in BATCHES}
MODULES |= {name: f"benchmarks.workloads.compiletimes:{name}" for name in COMPILING}
MODULES["gpt-compiled"] = "benchmarks.workloads.gpt:gpt-compiled"
