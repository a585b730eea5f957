"""How code in memory is called: arguments, scratch memory, threads, and the cache on disk.

`caller` and `_caller.pyx` do the same in Python and in Cython, for the interpreted and the compiled
core; change both together. Nothing here knows what a backend is.
"""
