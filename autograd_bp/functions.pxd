# The C types of functions.py: Cython compiles that file as it stands with what is declared here.
from autograd_bp cimport value
