"""Random programs: the derivatives of the engine in every mode, compared with 50 digits.

- [programs.py](programs.py) draws programs of primitives; a program has a number, from which it
  is drawn again.
- [exact.py](exact.py) knows each primitive as a function of mpmath numbers, and takes its
  derivatives from differences of that function at many more digits. No rule of the table is read.
- [jets.py](jets.py) carries values, first and second derivatives through a program at 50 digits,
  and beside each number how far floating point may be off.
- [modes.py](modes.py) computes the same with the engine: in reverse, forward, recorded, as Taylor
  coefficients, and compiled.
- [judge.py](judge.py) compares the two; [shrink.py](shrink.py) makes a program that fails small.

`python -m benchmarks --only fuzz` runs 100,000 of them.
"""
