/* Growing lists of integers, and a hash for sequences of them. Functions return -1 where there is
   no memory, and 0 otherwise. The memory of a list is of the kind that Python's arrays have, so that
   an array can take it over. */

#ifndef AUTOGRAD_BP_LISTS_H
#define AUTOGRAD_BP_LISTS_H

#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t *at;
    int64_t count, room;
} List;

static int list_reserve(List *list, int64_t room)
{
    int64_t *more;
    if (room <= list->room)
        return 0;
    if (room < 2 * list->room)
        room = 2 * list->room;
    more = (int64_t *)PyMem_Realloc(list->at, (size_t)room * sizeof(int64_t));
    if (!more)
        return -1;
    list->at = more;
    list->room = room;
    return 0;
}

static inline int list_append(List *list, int64_t x)
{
    if (list->count == list->room && list_reserve(list, list->count + 16) < 0)
        return -1;
    list->at[list->count++] = x;
    return 0;
}

static void list_free(List *list)
{
    PyMem_Free(list->at);
    list->at = NULL;
    list->count = list->room = 0;
}

static inline uint64_t mixed(uint64_t hash, uint64_t x)
{
    hash = (hash ^ x) * 0x9E3779B97F4A7C15u;
    return hash ^ (hash >> 29);
}

/* ------------------------------------------------------------------- tables of places */
/* Open addressing: places of things that the caller compares, and -1 where a place is free. */
typedef struct {
    int32_t *at;
    uint64_t mask;
    int64_t count;
    int64_t most; /* how many there will be; 0 where that is not known */
} Table;

static int table_open(Table *table, int64_t count)
{
    uint64_t places = 16, i;
    while (places < 2 * (uint64_t)count)
        places *= 2;
    table->at = (int32_t *)malloc(places * sizeof(int32_t));
    if (!table->at)
        return -1;
    for (i = 0; i < places; i++)
        table->at[i] = -1;
    table->mask = places - 1;
    table->count = table->most = 0;
    return 0;
}

static void table_free(Table *table)
{
    free(table->at);
    table->at = NULL;
}

#endif
