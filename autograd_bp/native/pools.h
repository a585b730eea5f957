/* Pools of places for nodes, all of one size, in blocks.

   A block has one bit for each of its places, set while the place is free, and gives out the free
   place with the lowest address. So the nodes of a graph lie in memory in the order in which they
   were recorded, whatever was freed before, and the processor can fetch the next ones ahead. A list
   of freed places would give them out in the order in which they were freed, and after some tens of
   gradients in no order at all: each of them then takes up to twice as long. */

#ifndef AUTOGRAD_BP_POOLS_H
#define AUTOGRAD_BP_POOLS_H

#include "blocks.h"
#if defined(_MSC_VER)
#include <intrin.h>
#endif

typedef size_t Bits;
#define PLACES (8 * sizeof(Bits))  /* that one group of bits stands for */
#define SMALLEST 64                /* bytes of a place, at least */

typedef struct Block {
    struct Block *next, *previous; /* among the blocks that have room */
    Bits *group, *end;             /* no place before those of this group is free */
    char *places;                  /* the first place of that group */
    size_t live;
    int has_room;
    Bits free[BLOCK / SMALLEST / PLACES];
} Block;

typedef Block *Pool; /* the blocks that have room: places come from the first of these */

#define FIRST_PLACE ((sizeof(Block) + 63) & ~(size_t)63)

static inline size_t lowest(Bits bits)
{
#if defined(_MSC_VER)
    unsigned long at;
#if defined(_WIN64)
    _BitScanForward64(&at, bits);
#else
    _BitScanForward(&at, bits);
#endif
    return at;
#else
    return sizeof(Bits) == sizeof(long) ? (size_t)__builtin_ctzl((unsigned long)bits)
                                        : (size_t)__builtin_ctzll(bits);
#endif
}

static void link_block(Pool *pool, Block *block)
{
    block->has_room = 1;
    block->previous = NULL;
    block->next = *pool;
    if (*pool)
        (*pool)->previous = block;
    *pool = block;
}

static void unlink_block(Pool *pool, Block *block)
{
    block->has_room = 0;
    if (block->previous)
        block->previous->next = block->next;
    else
        *pool = block->next;
    if (block->next)
        block->next->previous = block->previous;
}

/* Let no place before those of a group be free. */
static inline void begin_at(Block *block, Bits *group, size_t size)
{
    block->group = group;
    block->places = (char *)block + FIRST_PLACE + (size_t)(group - block->free) * PLACES * size;
}

/* A block of which every place is free; NULL where there is no memory. */
static Block *empty_block(size_t size)
{
    Block *block = (Block *)take_block();
    size_t count = (BLOCK - FIRST_PLACE) / size;
    if (!block)
        return NULL;
    memset(block->free, 0xFF, count / PLACES * sizeof(Bits));
    block->end = block->free + count / PLACES;
    if (count % PLACES)
        *block->end++ = ((Bits)1 << count % PLACES) - 1;
    block->live = 0;
    begin_at(block, block->free, size);
    return block;
}

static inline void *place_in(Block *block, size_t size)
{
    Bits bits = *block->group;
    *block->group = bits & (bits - 1);
    block->live++;
    return block->places + lowest(bits) * size;
}

/* A place in the next group that has a free one, of this block or of another. */
static NEVER_INLINE void *place_further_on(Pool *pool, size_t size)
{
    for (;;) {
        Block *block = *pool;
        Bits *group;
        if (!block) {
            if (!(block = empty_block(size)))
                return PyErr_NoMemory();
            link_block(pool, block);
        }
        group = block->group;
        while (block->end - group >= 4 && !(group[0] | group[1] | group[2] | group[3]))
            group += 4; /* where a place at the beginning was free among full groups */
        while (group != block->end && !*group)
            group++;
        if (group != block->end) {
            begin_at(block, group, size);
            return place_in(block, size);
        }
        block->group = group;
        unlink_block(pool, block);
    }
}

/* A place of this size, which is a constant; NULL with an error set where there is no memory. */
static ALWAYS_INLINE void *take_place(Pool *pool, size_t size)
{
    Block *block = *pool;
    if (LIKELY(block && *block->group))
        return place_in(block, size);
    return place_further_on(pool, size);
}

static ALWAYS_INLINE void give_place(Pool *pool, void *place, size_t size)
{
    Block *block = (Block *)((uintptr_t)place & ~(uintptr_t)(BLOCK - 1));
    uint32_t number = ((uint32_t)((char *)place - (char *)block) - (uint32_t)FIRST_PLACE)
                      / (uint32_t)size;
    Bits *group = block->free + number / PLACES;
    *group |= (Bits)1 << number % PLACES;
    block->live--;
    if (group < block->group) { /* in a block without room, too */
        begin_at(block, group, size);
        if (!LIKELY(block->has_room))
            link_block(pool, block);
    }
    if (!LIKELY(block->live) && block->next) { /* another has room: this one is not needed now */
        unlink_block(pool, block);
        give_block(block);
    }
}

#endif
