"""Backends: what runs loops over rows of data.

`protocol` says what a backend is, and `choosing` picks one for a program and a number of rows.
Each backend has a folder of its own and imports no other backend.
"""
