# The C types of backprop.py: Cython compiles that file as it stands with what is declared here.
# A sweep borrows its nodes as C pointers, no reference is counted: the output holds them all.
cimport cython
from autograd_bp.value cimport Value
from autograd_bp.native cimport kernels, memory
from autograd_bp.native.memory cimport ManyNode, Node, Stack

cdef unsigned int _generation, LAST_GENERATION

@cython.locals(root="Node *", order="Stack *", leaves="Stack *", refused="Node *")
cdef object sweep(object output, double seed, bint accumulate)

@cython.locals(pending="Stack *", node="Node *", many="ManyNode *", i=Py_ssize_t,
               seen="unsigned int")
cdef int search(Node *root, Stack *order, Stack *leaves) except -1

cdef int meet(Node *node, unsigned int seen, Stack *pending, Stack *leaves) except -1

@cython.locals(refused="Node *", node="Node *", many="ManyNode *", i=Py_ssize_t,
               gradient=double, flags=int, gate=int)
cdef Node *propagate(Stack *order) except NULL

@cython.locals(node="Node *")
cdef int settle(Stack *leaves, bint accumulate, bint undo) except -1
