"""The pytest plugin, loaded when a test or an option uses it.

`autograd_bp_pytest` is the part that pytest always loads, and imports nothing from here before it
is needed. This room stands above the others of checking: it may import them, and they must not
import it.
"""
