"""The backend "numpy": loops as operations on NumPy arrays.

It needs no compiled core and can run every primitive, those of users included. `runner` runs the
loops over blocks of rows, `views` finds the arrays that they read, `products` has the sums of
products, and printers/numpy.py has every other primitive.
"""
