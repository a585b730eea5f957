/* The primitives that users add, while nodes have their codes: a primitive lives as long as a node
   that it made. A node has no room for a pointer to its primitive, so the nodes of each code are
   counted here, in a hash table with open addressing, and the table holds one reference. */

#ifndef AUTOGRAD_BP_KEPT_H
#define AUTOGRAD_BP_KEPT_H

typedef struct {
    PyObject *op; /* NULL where the place is free */
    Py_ssize_t nodes;
    int code;
} Kept;

static Kept *kept;
static size_t kept_places, kept_used; /* the number of places is a power of two, or 0 */

/* The place of a code, or the free place where it belongs. */
static Kept *kept_place(int code)
{
    size_t i = ((size_t)code * 2654435769u) & (kept_places - 1);
    while (kept[i].op && kept[i].code != code)
        i = (i + 1) & (kept_places - 1);
    return &kept[i];
}

static int grow_kept(void)
{
    Kept *old = kept;
    size_t i, places = kept_places;
    Kept *more = (Kept *)PyMem_Calloc(places ? 2 * places : 16, sizeof(Kept));
    if (!more) {
        PyErr_NoMemory();
        return -1;
    }
    kept = more;
    kept_places = places ? 2 * places : 16;
    for (i = 0; i < places; i++)
        if (old[i].op)
            *kept_place(old[i].code) = old[i];
    PyMem_Free(old);
    return 0;
}

MAYBE_UNUSED static int keep_primitive(int code, PyObject *op)
{
    Kept *place;
    if (2 * (kept_used + 1) > kept_places && grow_kept() < 0)
        return -1;
    place = kept_place(code);
    if (!place->op) {
        Py_INCREF(op);
        place->op = op;
        place->code = code;
        place->nodes = 0;
        kept_used++;
    }
    place->nodes++;
    return 0;
}

MAYBE_UNUSED static void release_primitive(int code)
{
    Kept *place;
    PyObject *op;
    size_t hole, i;
    if (!kept_places)
        return;
    place = kept_place(code);
    if (!place->op || --place->nodes)
        return;
    op = place->op;
    /* Those that follow without a gap move up, so that they are found from where they belong. */
    hole = i = (size_t)(place - kept);
    for (;;) {
        size_t home;
        i = (i + 1) & (kept_places - 1);
        if (!kept[i].op)
            break;
        home = ((size_t)kept[i].code * 2654435769u) & (kept_places - 1);
        if (((i - home) & (kept_places - 1)) >= ((i - hole) & (kept_places - 1))) {
            kept[hole] = kept[i];
            hole = i;
        }
    }
    kept[hole].op = NULL;
    kept_used--;
    Py_DECREF(op);
}

#endif
