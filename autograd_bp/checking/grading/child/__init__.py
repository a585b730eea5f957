"""The program that runs one student's file, in a process of its own.

It imports nothing of this library: it runs as the package `child`, so that the process holds
neither the reference nor the formulas. `confinement` closes files, processes and the network by
means of the system, `guards` by means of Python, `numbers` writes what functions return as text.
"""
