"""How code in memory is called: arguments, scratch memory, threads, and the cache on disk.

`caller` and `_caller.pyx` do the same in Python and in Cython, for the interpreted and the compiled
core; change both together. Parts of `_caller.pyx` are lines.pxi (arrays with rows), rooms.pxi
(memory for results) and tables.pxi (rows of tables). Nothing here knows what a backend is.
"""
