"""What is measured. A file here holds a WORKLOAD, or several in TABLES."""

ENGINE = ("expressions", "moons", "chains", "products", "dots", "neurons", "gpt", "digits")
BATCHES = tuple(f"{kind}-{rows}" for kind in ("relu", "sigmoid") for rows in (100, 1000, 10000))
COMPILING = ("compile-networks", "compile-graphs")
COMPILED = ("compiled-first", "compiled-steady", "compiled-floats", "compiled-threads")
COMPILER = (*COMPILED, "ready", "calls")
# Measured where they are asked for.
DETAILS = (*BATCHES, "prices", *COMPILING, "unrolled", "gpt-compiled")
INTERPRETED = ("interpreted",)
COMPAT = ("compat",)

MODULES = {
    name: f"benchmarks.workloads.{name}"
    for name in (*ENGINE, "calls", "prices", "ready", "unrolled", *INTERPRETED, *COMPAT)
}
MODULES |= {name: f"benchmarks.workloads.batches:{name}" for name in BATCHES}
MODULES |= {name: f"benchmarks.workloads.compiletimes:{name}" for name in COMPILING}
MODULES |= {name: f"benchmarks.workloads.compiled:{name}" for name in COMPILED}
MODULES["gpt-compiled"] = "benchmarks.workloads.gpt:gpt-compiled"
