# The C types of shares.py: Cython compiles that file as it stands with what is declared here.
from autograd_bp cimport value
from autograd_bp.listwise cimport folds
