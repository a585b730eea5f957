# The C types of backprop.py: Cython compiles that file as it stands with what is declared here.
# A sweep works on C pointers to nodes and counts no references: the output keeps them all alive.
cimport cython
from autograd_bp.value cimport Value
from autograd_bp.native cimport codes, kernels, memory
from autograd_bp.native.memory cimport ManyNode, Node, Stack

cdef unsigned int _generation, LAST_GENERATION
cdef int LEAF

cdef int MEET, RESTORE, CLEAR
cdef int LARGE

cpdef object attempt(object output, object seed, object accumulate, object call=*)

@cython.locals(root="Node *", order="Stack *", leaves="Stack *", refused="Node *",
               seen="unsigned int")
cdef object sweep(object output, double seed, bint accumulate, object call)

@cython.locals(pending="Stack *", node="Node *", first="Node *", second="Node *", into_first=bint,
               into_second=bint, visited=Py_ssize_t)
cdef int search(Node *root, unsigned int seen, Stack *order) except -1

@cython.locals(many="ManyNode *", i=Py_ssize_t)
cdef int push_many(Node *node, unsigned int seen, Stack *pending) except -1

cdef bint is_unseen(Node *node, unsigned int seen) noexcept

@cython.locals(refused="Node *", node="Node *", parent="Node *", many="ManyNode *", i=Py_ssize_t,
               k=Py_ssize_t, gradient=double, flags=int, parents="Node **", partials="double *")
cdef Node *propagate(Stack *order, Stack *leaves, unsigned int reached, object call) except NULL

cdef bint reaches(Node *parent, double gradient, int flags) noexcept

cdef int meet(Node *node, Stack *leaves, unsigned int reached) except -1

cdef bint is_own(Node *node) except -1

@cython.locals(node="Node *", many="ManyNode *", i=Py_ssize_t, k=Py_ssize_t)
cdef int for_leaves(Stack *order, Stack *leaves, unsigned int reached, int task) except -1

cdef int set_leaf(Node *node, Stack *leaves, unsigned int reached, int task) except -1

@cython.locals(node=Value, gradient=double)
cpdef ascend_step(list values, double rate)

cpdef list free_leaves(list outputs, list known)

@cython.locals(node="Node *", many="ManyNode *", pending="Stack *", i=Py_ssize_t)
cdef list found_leaves(list outputs, list known, unsigned int seen)

cdef int follow(Node *node, unsigned int seen, Stack *pending, dict edges) except -1

cpdef list order_of(list outputs, list stop)

@cython.locals(node="Node *", pending="Stack *")
cdef list found_order(list outputs, list stop, unsigned int seen)

@cython.locals(many="ManyNode *", i=Py_ssize_t)
cdef int push_parents(Node *node, unsigned int seen, Stack *pending) except -1
