# The C types of backprop.py: Cython compiles that file as it stands with what is declared here.
# A sweep works on C pointers to nodes and counts no references: the output keeps them all alive.
cimport cython
from autograd_bp.value cimport Value
from autograd_bp.native cimport codes, kernels, memory
from autograd_bp.native.memory cimport ManyNode, Node, Stack

cdef unsigned int _generation, LAST_GENERATION
cdef int LEAF

@cython.locals(root="Node *", order="Stack *", refused="Node *", seen="unsigned int")
cdef object sweep(object output, double seed, bint accumulate)

@cython.locals(pending="Stack *", node="Node *", many="ManyNode *", i=Py_ssize_t)
cdef int search(Node *root, unsigned int seen, Stack *order) except -1

cdef int push_if_unseen(Node *node, unsigned int seen, Stack *pending) except -1

@cython.locals(refused="Node *", node="Node *", many="ManyNode *", i=Py_ssize_t, k=Py_ssize_t,
               gradient=double, flags=int, gate=int, reached="unsigned int")
cdef Node *propagate(Stack *order, unsigned int seen) except NULL

cdef void add(double gradient, double partial, Node *node, unsigned int reached) noexcept

cdef void restore_leaves(Stack *order, unsigned int seen) noexcept

cdef void overwrite_leaves(Stack *order, unsigned int seen) noexcept

@cython.locals(node="Node *", many="ManyNode *", i=Py_ssize_t, k=Py_ssize_t)
cdef void for_leaves(Stack *order, unsigned int seen, bint restore) noexcept

cdef void set_leaf(Node *node, unsigned int seen, bint restore) noexcept

cdef int START, TAKE, TOTAL

@cython.locals(root="Node *", order="Stack *", refused="Node *", seen="unsigned int")
cdef object calling_sweep(object output, double seed, bint accumulate, object call)

@cython.locals(refused="Node *", node="Node *", many="ManyNode *", i=Py_ssize_t, k=Py_ssize_t,
               gradient=double, flags=int, gate=int)
cdef Node *propagate_with(Stack *order, object call) except NULL

cdef bint is_own(Node *node) except -1

@cython.locals(node="Node *", many="ManyNode *", i=Py_ssize_t, k=Py_ssize_t)
cdef void visit_leaves(Stack *order, unsigned int seen, int phase) noexcept

cdef void visit_leaf(Node *node, unsigned int seen, int phase) noexcept

@cython.locals(node=Value, gradient=double)
cpdef ascend_step(list values, double rate)

cpdef list free_leaves(list outputs, list known)

@cython.locals(node="Node *", many="ManyNode *", pending="Stack *", i=Py_ssize_t)
cdef list found_leaves(list outputs, list known, unsigned int seen)

cdef int follow(Node *node, unsigned int seen, Stack *pending, dict edges) except -1
