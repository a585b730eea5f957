"""autograd_bp as a tool of GradBench: `python -m benchmarks.gradbench` reads messages from standard
input, a JSON object a line, and answers each with one.

`evals/` has a module for each eval, written as a user would write it. The README says how to run
the evals.
"""
