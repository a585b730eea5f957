"""Backends: what runs loops over rows of data.

`protocol` says what a backend is: what it can run, what that costs, how it prepares a program.
`registry` says which there are, and `choosing` picks one for a program, by what `work` estimates.
Each backend has a folder or a file of its own and imports no other backend. To add one, write its
class and register it.
"""
