"""One file for each workload; each holds a WORKLOAD."""

NAMES = ("expressions", "moons", "chains", "products", "dots", "neurons", "gpt", "digits",
         "calls")
MODULES = {name: f"benchmarks.workloads.{name}" for name in NAMES}
