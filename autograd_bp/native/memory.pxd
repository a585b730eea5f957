# memory.py in C: see nodes.h, open.h, node_types.h, operators.h, subscripts.h and stacks.h.
from autograd_bp.value cimport ManyValue, Value

cdef extern from "nodes.h":
    ctypedef struct Node:
        double _data, _grad, _d_first, _d_second
        Node *_first
        Node *_second
        int _code
        unsigned int _mark

    ctypedef struct ManyNode:
        Py_ssize_t _count, _inner
        Node **_parents
        double *_partials

    void fetch_near(Node *)
    Value plain_node(int code, object first, object second)
    ManyValue many_node(Py_ssize_t)
    int reserve_parents(object, Py_ssize_t) except -1
    void put_parent(object, object)
    Py_ssize_t length "length_of"(object)
    Py_ssize_t put_parents(object, object, Py_ssize_t)
    object get_parent(object, Py_ssize_t)
    int keep(object, object) except -1

    bint has_attributes(object)
    dict attributes(object)
    int put_attribute(object, object, object) except -1
    object get_attribute(object, object)
    int follow(object) except -1

cdef extern from "node_types.h":
    int install_types(object, object, object, object, int own) except -1
    int check_layout(object) except -1

cdef extern from "operators.h":
    int adopt(object) except -1

cdef extern from "subscripts.h":
    int catch_subscripts(object, object) except -1

cdef extern from "stacks.h":
    ctypedef struct Stack:
        pass

    Node *as_node(object)
    ManyNode *as_many(Node *)
    object as_value(Node *)
    bint is_node(Node *)
    Node *no_node()

    Stack *stack "stack_open"() except NULL
    void close "stack_close"(Stack *)
    int push "stack_push"(Stack *, Node *) except -1
    Node *pop "stack_pop"(Stack *)
    Node *item "stack_item"(Stack *, Py_ssize_t)
    Py_ssize_t size "stack_size"(Stack *)
    void add_earlier(Stack *)

    int lock "lock_sweeps"() except -1
    void unlock "unlock_sweeps"()
    int poll_signals(Py_ssize_t nodes) except -1
