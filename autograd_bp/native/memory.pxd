# memory.py in C: see nodes.h and stacks.h.
from autograd_bp.value cimport Value

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

    Value plain "plain_node"(int code, object first, object second)
    int reserve "reserve_parents"(object, Py_ssize_t) except -1
    void put "put_parent"(object, object)
    Py_ssize_t put_values "put_parents"(object, object, Py_ssize_t)
    object parent "get_parent"(object, Py_ssize_t)

    int install "install_types"(object, object) except -1
    int recognise "recognise_node"(object) except -1

cdef extern from "stacks.h":
    ctypedef struct Stack:
        pass

    Node *node "as_node"(object)
    ManyNode *many "as_many"(Node *)
    object value "as_value"(Node *)
    bint exists "node_exists"(Node *)
    Node *absent "absent_node"()

    Stack *stack "stack_open"() except NULL
    void close "stack_close"(Stack *)
    int push "stack_push"(Stack *, Node *) except -1
    Node *pop "stack_pop"(Stack *)
    Node *at "stack_at"(Stack *, Py_ssize_t)
    Py_ssize_t size "stack_size"(Stack *)

    int enter "sweep_enter"() except -1
    void leave "sweep_leave"()
    int breathe "sweep_breathe"(Py_ssize_t nodes) except -1
